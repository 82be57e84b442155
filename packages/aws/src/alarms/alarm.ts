import type { Stack } from "aws-cdk-lib";
import { CfnAlarm, type CfnAlarmProps } from "aws-cdk-lib/aws-cloudwatch";
import { Construct, type IConstruct } from "constructs";
import type { AlertTopics, Severity } from "./severity.ts";

/** What all alarms of a region have in common. */
export interface AlarmSetting {
  /** Begins the name of every alarm, so that those of two environments in one account differ, such as "shop-production". */
  readonly namePrefix: string;
  readonly topics: AlertTopics;
}

/** A series of a metric, as CloudWatch names it. Values of dimensions may be tokens. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** "Average", "Sum", "Maximum", "Minimum", "SampleCount" or a percentile such as "p99". */
  readonly statistic: string;
}

export interface AlarmProps {
  readonly setting: AlarmSetting;
  /** Rest of the alarm's name, such as "cell-1-errors"; may hold tokens. */
  readonly name: string;
  /** What is wrong and what to look at first. */
  readonly description: string;
  readonly severity: Severity;
  /** The series by the name that the expression has for them: small letters, digits and `_`. */
  readonly metrics: Readonly<Record<string, AlarmMetric>>;
  /** Metric math over the series. Default: the only series. */
  readonly expression?: string;
  /** The alarm goes off above it, or below it. */
  readonly threshold: { readonly above: number } | { readonly below: number };
  /** Seconds of one datapoint. Default 60. */
  readonly periodSeconds?: number;
  /** Datapoints that are looked at, and how many of them must be bad. Default 5 of 5. */
  readonly datapoints?: { readonly bad: number; readonly of: number };
  /**
   * What no datapoint means. "notBreaching" where nothing is counted when nothing happens, "breaching" where silence is
   * the failure, "missing" where the series of a living resource never ends. Default "missing".
   */
  readonly missing?: "missing" | "notBreaching" | "breaching" | "ignore";
}

/** One CloudWatch alarm. It tells its severity's topic when it goes off and when it is over, so that incidents close by themselves. */
export class Alarm extends Construct {
  /** Its full name, by which mute rules and dashboards know it. */
  readonly alarmName: string;
  readonly arn: string;
  readonly severity: Severity;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    this.alarmName = `${props.setting.namePrefix}-${props.name}`;
    this.severity = props.severity;
    const topic = props.setting.topics[props.severity];
    const actions = topic === undefined ? {} : { alarmActions: [topic], okActions: [topic] };
    const { bad, of } = props.datapoints ?? { bad: 5, of: 5 };
    const isAbove = "above" in props.threshold;
    const resource = new CfnAlarm(this, "Resource", {
      alarmName: this.alarmName,
      alarmDescription: props.description,
      comparisonOperator: isAbove ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: "above" in props.threshold ? props.threshold.above : props.threshold.below,
      evaluationPeriods: of,
      datapointsToAlarm: bad,
      treatMissingData: props.missing ?? "missing",
      ...series(props, props.periodSeconds ?? 60),
      ...actions,
    });
    this.arn = resource.attrArn;
  }
}

/** The ARN of an alarm, which another stack may make. */
export function alarmArn(
  { partition, account }: Pick<Stack, "partition" | "account">,
  region: string,
  alarmName: string,
): string {
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmName}`;
}

/** Every alarm below a construct, in the order in which they were made. */
export function alarmsBelow(scope: IConstruct): readonly Alarm[] {
  return scope.node.findAll().filter((construct) => construct instanceof Alarm);
}

function series({ metrics, expression }: AlarmProps, period: number): AlarmSeries {
  const [only, ...others] = Object.values(metrics);
  if (expression === undefined && only !== undefined && others.length === 0) {
    const { namespace, name, statistic } = only;
    return {
      namespace,
      metricName: name,
      dimensions: dimensionsOf(only),
      period,
      ...(/^p\d/.test(statistic) ? { extendedStatistic: statistic } : { statistic }),
    };
  }
  return {
    metrics: [
      ...(expression === undefined ? [] : [{ id: "result", expression, returnData: true }]),
      ...Object.entries(metrics).map(([id, metric]) => ({
        id,
        returnData: false,
        metricStat: {
          metric: {
            namespace: metric.namespace,
            metricName: metric.name,
            dimensions: dimensionsOf(metric),
          },
          period,
          stat: metric.statistic,
        },
      })),
    ],
  };
}

type AlarmSeries = Pick<
  CfnAlarmProps,
  "namespace" | "metricName" | "dimensions" | "period" | "statistic" | "extendedStatistic" | "metrics"
>;

function dimensionsOf({ dimensions }: AlarmMetric): { name: string; value: string }[] {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}
