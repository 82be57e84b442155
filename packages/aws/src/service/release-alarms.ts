import type { PlatformService } from "@tenantry/model";
import { Construct } from "constructs";
import { Alarm, type AlarmMetric } from "../alarms/alarm.ts";

export interface ReleaseAlarmsProps {
  /** Begins the names of the alarms, such as "shop-production". */
  readonly namePrefix: string;
  /** Name of the service, or of a tenant's; may hold tokens. */
  readonly name: string;
  readonly loadBalancerFullName: string;
  /** The two target groups, by a word for each. */
  readonly targetGroupFullNames: Readonly<Record<string, string>>;
  /** What the metrics must say; null looks at errors alone. */
  readonly analysis: PlatformService["deployment"]["analysis"];
}

/** Requests in a period below which a share of errors says nothing. */
const requestsMin = 20;

/** What is looked at where the definition does not say: at most this share of 5xx answers, in two minutes running. */
const standard = { errorRatePercentMax: 1, intervalSeconds: 60, failuresMax: 1 };

/**
 * The alarms that take a release back: one for each target group, because while little traffic is on the new version its errors would
 * be lost among all. They tell nobody; ECS looks at them.
 */
export class ReleaseAlarms extends Construct {
  readonly alarmNames: readonly string[];

  constructor(scope: Construct, id: string, props: ReleaseAlarmsProps) {
    super(scope, id);
    const { analysis } = props;
    const errorPercentMax =
      analysis === null
        ? standard.errorRatePercentMax
        : Math.min(analysis.errorRatePercentMax, 100 - analysis.successRatePercentMin);
    const { failuresMax, intervalSeconds } = analysis ?? standard;
    const shared = {
      setting: { namePrefix: props.namePrefix, topics: {} },
      severity: "high",
      // Load balancers report by the minute.
      periodSeconds: Math.ceil(intervalSeconds / 60) * 60,
      datapoints: { bad: failuresMax + 1, of: failuresMax + 1 },
      missing: "notBreaching",
    } as const;
    const alarms: Alarm[] = [];
    for (const [word, targetGroup] of Object.entries(props.targetGroupFullNames)) {
      const metric = (name: string, statistic: string): AlarmMetric => ({
        namespace: "AWS/ApplicationELB",
        name,
        dimensions: { LoadBalancer: props.loadBalancerFullName, TargetGroup: targetGroup },
        statistic,
      });
      alarms.push(
        new Alarm(this, `Errors-${word}`, {
          ...shared,
          name: `${props.name}-release-errors-${word}`,
          description: `More than ${errorPercentMax} % of the answers of ${props.name} are errors: a release goes back.`,
          metrics: {
            errors: metric("HTTPCode_Target_5XX_Count", "Sum"),
            requests: metric("RequestCount", "Sum"),
          },
          expression: `IF(requests >= ${requestsMin}, 100 * FILL(errors, 0) / requests, 0)`,
          threshold: { above: errorPercentMax },
        }),
      );
      if (analysis === null) continue;
      alarms.push(
        new Alarm(this, `Latency-${word}`, {
          ...shared,
          name: `${props.name}-release-latency-${word}`,
          description: `One of a hundred answers of ${props.name} takes more than ${analysis.latencyP99MsMax} ms: a release goes back.`,
          metrics: { latency: metric("TargetResponseTime", "p99") },
          threshold: { above: analysis.latencyP99MsMax / 1000 },
        }),
      );
    }
    this.alarmNames = alarms.map(({ alarmName }) => alarmName);
  }
}
