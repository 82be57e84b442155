import { Construct } from "constructs";
import { Alarm, type AlarmMetric, type AlarmProps, type AlarmSetting } from "./alarm.ts";

/** An ECS service, as CloudWatch names it. */
export interface WatchedService {
  readonly clusterName: string;
  readonly serviceName: string;
  /** Fewest tasks that the service's scaling allows. */
  readonly tasksMin: number;
  /** Whether the cluster has Container Insights, which alone counts tasks. */
  readonly containerInsights: boolean;
}

/** Where a load balancer sends a service's requests. */
export interface WatchedTargets {
  readonly loadBalancerFullName: string;
  /** One, or both between which releases shift traffic. */
  readonly targetGroupFullNames: readonly string[];
}

export interface ServiceAlarmsProps extends WatchedService {
  readonly setting: AlarmSetting;
  /** Name of the service. */
  readonly name: string;
  /** What the load balancer says of its target group; null for a service without a route. */
  readonly targets: WatchedTargets | null;
  /** CPU above which people are told, percent. Scaling has failed to bring it down by then. Default 90. */
  readonly cpuPercent?: number;
  /** Memory above which people are told, percent; a task beyond its memory is killed. Default 90. */
  readonly memoryPercent?: number;
}

/** A service that all tenants share: too few tasks, unhealthy targets, CPU and memory beyond what scaling brings down. */
export class ServiceAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    const { setting, name, cpuPercent = 90, memoryPercent = 90 } = props;
    tasksAlarm(this, "Tasks", { ...props, name: `service-${name}-tasks`, what: name });
    for (const [alarm, metric, percent] of [
      ["Cpu", "CPUUtilization", cpuPercent],
      ["Memory", "MemoryUtilization", memoryPercent],
    ] as const) {
      new Alarm(this, alarm, {
        setting,
        name: `service-${name}-${alarm.toLowerCase()}`,
        description: `${name} uses more than ${percent} % of its ${alarm === "Cpu" ? "CPU" : "memory"} although it scales. Raise scaling.max or the size of a task.`,
        severity: "high",
        metrics: { used: ecs(props, metric, "Average") },
        threshold: { above: percent },
        datapoints: { bad: 10, of: 15 },
      });
    }
    if (props.targets === null) return;
    new Alarm(this, "UnhealthyHosts", {
      setting,
      name: `service-${name}-unhealthy-hosts`,
      description: `A task of ${name} fails its health check. Look at its log and at what it depends on.`,
      severity: "high",
      ...overTargets(props.targets, "UnHealthyHostCount", "Maximum"),
      threshold: { above: 0 },
      // A task that starts is unhealthy for a while.
      datapoints: { bad: 5, of: 10 },
      missing: "notBreaching",
    });
  }
}

/** The worst of a service's target groups. */
export function overTargets(
  { loadBalancerFullName, targetGroupFullNames }: WatchedTargets,
  name: string,
  statistic: string,
): Pick<AlarmProps, "metrics" | "expression"> {
  const metrics = Object.fromEntries(
    targetGroupFullNames.map((targetGroup, index): [string, AlarmMetric] => [
      `group${index + 1}`,
      {
        namespace: "AWS/ApplicationELB",
        name,
        dimensions: { LoadBalancer: loadBalancerFullName, TargetGroup: targetGroup },
        statistic,
      },
    ]),
  );
  return targetGroupFullNames.length === 1 ? { metrics } : { metrics, expression: "MAX(METRICS())" };
}

interface TasksAlarmProps extends WatchedService {
  readonly setting: AlarmSetting;
  /** Rest of the alarm's name. */
  readonly name: string;
  /** Whose tasks they are, for people. */
  readonly what: string;
}

/**
 * Fewer tasks run than ECS wants. Without Container Insights nobody counts them, but each writes one sample of its CPU a minute
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html#cw_running_task_count), and no
 * sample at all is no task.
 */
export function tasksAlarm(scope: Construct, id: string, props: TasksAlarmProps): Alarm | null {
  const { setting, name, what, tasksMin, containerInsights } = props;
  const shared = {
    setting,
    name,
    description: `Fewer tasks of ${what} run than should. Look at the events of the ECS service and at why tasks stopped.`,
    severity: "critical",
    datapoints: { bad: 5, of: 10 },
  } as const;
  if (containerInsights) {
    const count = (metric: string): AlarmMetric => ({
      namespace: "ECS/ContainerInsights",
      name: metric,
      dimensions: { ClusterName: props.clusterName, ServiceName: props.serviceName },
      statistic: "Average",
    });
    return new Alarm(scope, id, {
      ...shared,
      metrics: { desired: count("DesiredTaskCount"), running: count("RunningTaskCount") },
      expression: "desired - running",
      threshold: { above: 0.5 },
      // A service that is gone wants no tasks; one that lives always reports both numbers.
      missing: "notBreaching",
    });
  }
  if (tasksMin === 0) return null;
  return new Alarm(scope, id, {
    ...shared,
    metrics: { running: ecs(props, "CPUUtilization", "SampleCount") },
    threshold: { below: tasksMin },
    missing: "breaching",
  });
}

function ecs({ clusterName, serviceName }: WatchedService, name: string, statistic: string): AlarmMetric {
  return {
    namespace: "AWS/ECS",
    name,
    dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    statistic,
  };
}
