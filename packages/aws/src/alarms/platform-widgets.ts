import type { PlatformStore } from "@tenantry/model";
import type { PlatformStack } from "../stack/platform-stack.ts";
import { hasCells } from "../stacks/cell-stack.ts";
import type { DashboardVariable, Series, Widget } from "./dashboard.ts";
import { globalRegion, presenceOf, sharedCell, sharedServices, sharedStores } from "./site-alarms.ts";

/** Alarms that one tile shows: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const tileAlarmsMax = 100;

/**
 * What the one who is on call looks at first: alarms, a cell, services, stores.
 *
 * @param alarmArns the most important first: a tile shows a hundred
 */
export function platformWidgets(stack: PlatformStack, alarmArns: readonly string[]): readonly Widget[] {
  const { platform, role } = stack.site;
  const presence = presenceOf(stack);
  const heading: Widget = {
    kind: "heading",
    text: `# ${platform.name}, ${platform.environment}, ${stack.region}`,
  };
  return [
    heading,
    ...(alarmArns.length === 0
      ? []
      : [
          {
            kind: "alarms",
            title: "Alarms",
            arns: alarmArns.slice(0, tileAlarmsMax),
          } as const,
        ]),
    ...(role === "primary" && platform.edge.cloudFront !== null ? [cloudFront(stack)] : []),
    ...(hasCells(stack.site) ? cellCharts(stack) : []),
    ...(presence.services ? services(stack) : []),
    ...(presence.stores ? sharedStores(stack).flatMap((store) => storeCharts(stack, store)) : []),
  ];
}

function cloudFront(stack: PlatformStack): Widget {
  const id =
    stack.region === globalRegion
      ? stack.need("edge/distribution-id")
      : stack.need("edge/distribution-id", globalRegion);
  const series = (name: string, statistic: string): Series => ({
    namespace: "AWS/CloudFront",
    name,
    dimensions: { DistributionId: id, Region: "Global" },
    statistic,
  });
  return {
    kind: "chart",
    title: "CloudFront: requests and 5xx, percent",
    region: globalRegion,
    series: [series("Requests", "Sum"), series("5xxErrorRate", "Average")],
  };
}

/**
 * Which cell the charts of `platformWidgets` show: the first, until the one who looks chooses another. With charts for each cell the
 * dashboard would grow with the tenants, beyond what CloudWatch takes. Null where the region has no cells.
 */
export function cellVariable(stack: PlatformStack): DashboardVariable | null {
  if (!hasCells(stack.site)) return null;
  return {
    kind: "dimension",
    dimension: "LoadBalancer",
    label: "Cell",
    defaultValue: stack.need(`cells/${sharedCell}/load-balancer-full-name`),
    search: '{AWS/ApplicationELB,LoadBalancer} MetricName="RequestCount"',
  };
}

function cellCharts(stack: PlatformStack): readonly Widget[] {
  const dimensions = { LoadBalancer: stack.need(`cells/${sharedCell}/load-balancer-full-name`) };
  const series = (name: string, statistic: string): Series => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions,
    statistic,
  });
  return [
    chart("Cell: requests", [series("RequestCount", "Sum")]),
    chart("Cell: 5xx of load balancer and targets", [
      series("HTTPCode_ELB_5XX_Count", "Sum"),
      series("HTTPCode_Target_5XX_Count", "Sum"),
    ]),
    chart("Cell: time to answer, seconds", [
      series("TargetResponseTime", "p50"),
      series("TargetResponseTime", "p99"),
    ]),
  ];
}

function services(stack: PlatformStack): readonly Widget[] {
  const all = sharedServices(stack);
  if (all.length === 0) return [];
  const series = (namespace: string, name: string): readonly Series[] =>
    all.map((service) => ({
      namespace,
      name,
      dimensions: {
        ClusterName: stack.need(`cells/${sharedCell}/cluster-name`),
        ServiceName: stack.need(`services/${service.name}/name`),
      },
      statistic: "Average",
      label: service.name,
    }));
  return [
    chart("Services: CPU, percent", series("AWS/ECS", "CPUUtilization")),
    chart("Services: memory, percent", series("AWS/ECS", "MemoryUtilization")),
    ...(stack.site.platform.observability.containerInsights
      ? [chart("Services: running tasks", series("ECS/ContainerInsights", "RunningTaskCount"))]
      : []),
  ];
}

function storeCharts(stack: PlatformStack, store: PlatformStore): readonly Widget[] {
  const identifier = () => stack.need(`stores/${store.name}/identifier`);
  switch (store.kind) {
    case "postgres": {
      const dimension = store.engine === "aurora" ? "DBClusterIdentifier" : "DBInstanceIdentifier";
      return databaseCharts(store.name, "AWS/RDS", { [dimension]: identifier() });
    }
    case "documentdb":
      return databaseCharts(store.name, "AWS/DocDB", { DBClusterIdentifier: identifier() });
    case "redis": {
      // Metrics are the nodes', whose ids begin with the id of the group.
      const search = (name: string): Series => ({
        expression: `SEARCH('{AWS/ElastiCache,CacheClusterId} MetricName="${name}" CacheClusterId=${identifier()}', 'Maximum', 60)`,
        label: "",
      });
      return [
        chart(`${store.name}: CPU of the engine, percent`, [search("EngineCPUUtilization")]),
        chart(`${store.name}: memory, percent`, [search("DatabaseMemoryUsagePercentage")]),
        chart(`${store.name}: connections`, [search("CurrConnections")]),
      ];
    }
    case "bucket":
    case "queue":
    case "topic":
    case "broker":
      return [];
  }
}

function databaseCharts(
  store: string,
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
): readonly Widget[] {
  const series = (name: string, statistic: string): Series => ({ namespace, name, dimensions, statistic });
  return [
    chart(`${store}: CPU, percent`, [series("CPUUtilization", "Maximum")]),
    chart(`${store}: connections`, [series("DatabaseConnections", "Maximum")]),
    chart(`${store}: latency, seconds`, [
      series("ReadLatency", "Average"),
      series("WriteLatency", "Average"),
    ]),
  ];
}

function chart(title: string, series: readonly Series[]): Widget {
  return { kind: "chart", title, series };
}
