import type { PlatformService } from "@tenantry/model";
import { fargateServices } from "../service/fargate-services.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import { alarmArn } from "./alarm.ts";
import type { Series, Widget } from "./dashboard.ts";
import { alarmPrefixOf, tenantAlarmName, watchedOfTenant } from "./tenant-alarm-names.ts";

/** What stands for the tenant's id in the tiles; no tenant's id has capitals. */
export const tenantPlaceholder = "TENANT";

/**
 * One tenant's services, as the one who looks types its id: tasks, CPU and memory by the name of its ECS service, errors and time to
 * answer by its alarms, and its log. One dashboard for all tenants, because one for each costs three dollars a month. None where
 * no tenant has a service to itself.
 */
export function tenantWidgets(stack: PlatformStack): readonly Widget[] {
  const { platform, region } = stack.site;
  const own = fargateServices(region.services).filter(({ name }) =>
    Object.values(platform.tiers).some((tier) => tier.services[name] === "silo"),
  );
  if (own.length === 0) return [];
  return [
    {
      kind: "heading",
      text: `# ${platform.name}, ${platform.environment}: tenant ${tenantPlaceholder}. Load of a database by tenant: Performance Insights, sliced by user.`,
    },
    ...own.flatMap((service) => serviceTiles(stack, service)),
  ];
}

function serviceTiles(stack: PlatformStack, service: PlatformService): readonly Widget[] {
  const { name, logs } = service;
  const { containerInsights } = stack.site.platform.observability;
  // Found in whichever cell the tenant is: in quotes the whole value counts, without them its words.
  const series = (namespace: string, metric: string): Series => ({
    expression: `SEARCH('{${namespace},ClusterName,ServiceName} MetricName="${metric}" ServiceName="${tenantPlaceholder}_${name}" ClusterName=${alarmPrefixOf(stack)}-cell', 'Average', 60)`,
    label: metric,
  });
  return [
    {
      kind: "chart",
      title: `${name}: CPU and memory, percent`,
      series: [series("AWS/ECS", "CPUUtilization"), series("AWS/ECS", "MemoryUtilization")],
    },
    ...(containerInsights
      ? [
          {
            kind: "chart",
            title: `${name}: tasks`,
            series: [
              series("ECS/ContainerInsights", "RunningTaskCount"),
              series("ECS/ContainerInsights", "DesiredTaskCount"),
            ],
          } as const,
        ]
      : []),
    ...watchedOfTenant(service, containerInsights)
      .filter((kind) => kind !== "tasks")
      .map((kind): Widget => {
        const alarm = `${alarmPrefixOf(stack)}-${tenantAlarmName(tenantPlaceholder, name, kind)}`;
        return {
          kind: "alarm-chart",
          title: kind === "errors" ? `${name}: 5xx, percent` : `${name}: time to answer, p99, seconds`,
          arn: alarmArn(stack, stack.region, alarm),
        };
      }),
    ...(logs.tenantGroup === null
      ? []
      : [
          {
            kind: "log",
            title: `${name}: log`,
            query: `SOURCE '${logs.tenantGroup.replaceAll("{tenant}", tenantPlaceholder)}' | fields @timestamp, @message | sort @timestamp desc | limit 100`,
          } as const,
        ]),
  ];
}
