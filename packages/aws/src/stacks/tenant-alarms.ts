import { Alarm, type AlarmMetric, type AlarmSetting } from "../alarms/alarm.ts";
import { overTargets, tasksAlarm, type WatchedTargets } from "../alarms/service-alarms.ts";
import {
  alarmPrefixOf,
  type TenantAlarmKind,
  tenantAlarmName,
  watchedOfTenant,
} from "../alarms/tenant-alarm-names.ts";
import type { FargateService } from "../service/fargate-service.ts";
import { pascal } from "../stack/platform-stack.ts";
import type { TenantStack } from "../stack/tenant-stack.ts";
import { alertTopicsOf } from "./alert-topics.ts";

/** Bounds of what a tenant's users feel. */
const bounds = { errorPercent: 5, errorsMin: 5, latencyMs: 2000 };

/**
 * What is watched of the services that a tenant has to itself: tasks, and of a service with a route errors and time to answer. That
 * is three alarms for a service, of the 5000 that a region has by default (L-A9AE2A71 raises them), and costs half a dollar a month.
 */
export function tenantAlarms(stack: TenantStack, services: ReadonlyMap<string, FargateService>): void {
  const { containerInsights } = stack.site.platform.observability;
  const setting: AlarmSetting = { namePrefix: alarmPrefixOf(stack), topics: alertTopicsOf(stack) };
  for (const made of services.values()) {
    const { service, targets } = made;
    const watched = watchedOfTenant(service, containerInsights);
    const id = (kind: TenantAlarmKind) => `${pascal(service.name)}-${kind}-Alarm`;
    const name = (kind: TenantAlarmKind) => tenantAlarmName(stack.tenantId, service.name, kind);
    const what = stack.fill(`${service.name} of {tenant}`);
    if (watched.includes("tasks")) {
      tasksAlarm(stack, id("tasks"), {
        setting,
        name: name("tasks"),
        what,
        clusterName: stack.needOfCell("cluster-name"),
        serviceName: made.serviceName,
        tasksMin: service.scaling.min,
        containerInsights,
      });
    }
    if (targets === null) continue;
    const watchedTargets: WatchedTargets = {
      loadBalancerFullName: stack.needOfCell("load-balancer-full-name"),
      targetGroupFullNames: [
        targets.targetGroupFullName,
        ...(targets.shift === null ? [] : [targets.shift.alternateTargetGroupFullName]),
      ],
    };
    new Alarm(stack, id("errors"), {
      setting,
      name: name("errors"),
      description: `More than ${bounds.errorPercent} % of the answers of ${what} are 5xx. Look at its log.`,
      severity: "high",
      ...errorRate(watchedTargets),
      threshold: { above: bounds.errorPercent },
      datapoints: { bad: 3, of: 5 },
      missing: "notBreaching",
    });
    new Alarm(stack, id("latency"), {
      setting,
      name: name("latency"),
      description: `One answer in a hundred of ${what} takes longer than ${bounds.latencyMs} ms.`,
      severity: "medium",
      ...overTargets(watchedTargets, "TargetResponseTime", "p99"),
      threshold: { above: bounds.latencyMs / 1000 },
      datapoints: { bad: 5, of: 10 },
      missing: "notBreaching",
    });
  }
}

/** Requests and errors of all target groups, as a rate. No datapoint is no request, or no error. */
function errorRate({ loadBalancerFullName, targetGroupFullNames }: WatchedTargets): {
  readonly metrics: Readonly<Record<string, AlarmMetric>>;
  readonly expression: string;
} {
  const sum = (name: string, targetGroup: string): AlarmMetric => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions: { LoadBalancer: loadBalancerFullName, TargetGroup: targetGroup },
    statistic: "Sum",
  });
  const metrics = Object.fromEntries(
    targetGroupFullNames.flatMap((group, index) => [
      [`requests${index + 1}`, sum("RequestCount", group)],
      [`failed${index + 1}`, sum("HTTPCode_Target_5XX_Count", group)],
    ]),
  );
  const total = (word: string) =>
    targetGroupFullNames.map((_, index) => `FILL(${word}${index + 1}, 0)`).join(" + ");
  return {
    metrics,
    expression: `IF(${total("failed")} >= ${bounds.errorsMin}, 100 * (${total("failed")}) / (${total("requests")}), 0)`,
  };
}
