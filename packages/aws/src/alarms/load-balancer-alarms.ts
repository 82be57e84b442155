import { Construct } from "constructs";
import { Alarm, type AlarmMetric, type AlarmSetting } from "./alarm.ts";

export interface LoadBalancerAlarmsProps {
  readonly setting: AlarmSetting;
  /** Says which one, in names and descriptions, such as "cell-1". */
  readonly name: string;
  /** `app/{name}/{id}`, which is how CloudWatch names it. */
  readonly loadBalancerFullName: string;
  /** Share of answers with 5xx, percent, above which people are told. Default 5. */
  readonly errorPercent?: number;
  /** 99th percentile of the time to answer above which people are told, milliseconds. Default 2000. */
  readonly latencyMs?: number;
}

const namespace = "AWS/ApplicationELB";

/** Fewer failures than these in a minute are noise: one of two requests would be half of them. */
const errorsMin = 5;

/**
 * The 5xx rate as metric math over `requests`, `elb` and `target`. CloudWatch writes no datapoint when nothing failed, so
 * what is missing counts as none.
 */
const errorRateExpression = `IF(FILL(elb, 0) + FILL(target, 0) >= ${errorsMin}, 100 * (FILL(elb, 0) + FILL(target, 0)) / (FILL(requests, 0) + FILL(elb, 0)), 0)`;

/** Rest of the names of a load balancer's alarms. */
export function loadBalancerAlarmNames(name: string): { readonly errors: string; readonly latency: string } {
  return { errors: `${name}-errors`, latency: `${name}-latency` };
}

/** What users feel of a cell: errors and slowness. */
export class LoadBalancerAlarms extends Construct {
  constructor(scope: Construct, id: string, props: LoadBalancerAlarmsProps) {
    super(scope, id);
    const { setting, name, errorPercent = 5, latencyMs = 2000 } = props;
    const names = loadBalancerAlarmNames(name);
    const dimensions = { LoadBalancer: props.loadBalancerFullName };
    const sum = (metric: string): AlarmMetric => ({ namespace, name: metric, dimensions, statistic: "Sum" });
    // Also what tells that a region has failed.
    new Alarm(this, "Errors", {
      setting,
      name: names.errors,
      description: `More than ${errorPercent} % of the answers of ${name} are 5xx. Look at the services' logs and at unhealthy hosts.`,
      severity: "critical",
      metrics: {
        requests: sum("RequestCount"),
        elb: sum("HTTPCode_ELB_5XX_Count"),
        target: sum("HTTPCode_Target_5XX_Count"),
      },
      expression: errorRateExpression,
      threshold: { above: errorPercent },
      datapoints: { bad: 3, of: 5 },
      missing: "notBreaching",
    });
    new Alarm(this, "Latency", {
      setting,
      name: names.latency,
      description: `One answer in a hundred of ${name} takes longer than ${latencyMs} ms. Look at the database's load and at CPU.`,
      severity: "high",
      metrics: { p99: { namespace, name: "TargetResponseTime", dimensions, statistic: "p99" } },
      threshold: { above: latencyMs / 1000 },
      datapoints: { bad: 5, of: 10 },
      missing: "notBreaching",
    });
  }
}
