import type { Resource } from "../artifacts/shipment.ts";
import { listAt, numberAt, textAt, textsAt, valueAt } from "../posture/read-value.ts";
import { userRecords } from "./moved-records.ts";
import type { RecoveryDesign, Side } from "./read-recovery.ts";
import type { Term } from "./term.ts";

/** What notices that the primary region does not serve users any more. */
export interface Detector {
  readonly resource: Resource;
  readonly seconds: number | null;
  /** Whether it says so by itself to Route 53, or only to people. */
  readonly tells: "route-53" | "people";
  /** Whether it notices when the region is so gone that not even metrics come. */
  readonly noticesSilence: boolean;
}

/** Health checks of the records by which users come, and the alarms that a recovery plan goes by or that watch the cells. */
export function detectorsOf(design: RecoveryDesign): readonly Detector[] {
  const { primary } = design;
  const checkIds = userRecords(design).map(({ record }) => textAt(record.properties, "HealthCheckId"));
  const checks = primary
    .ofType("AWS::Route53::HealthCheck")
    .filter(({ physicalId }) => checkIds.includes(physicalId))
    .map((check) => ofHealthCheck(check, primary));
  return [...checks, ...watchAlarms(primary).map((alarm) => ofAlarm(alarm, primary))];
}

/** Checks of checks of checks are none that anybody ships. */
const checkDepthMax = 3;

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html */
function ofHealthCheck(check: Resource, primary: Side, depth = 0): Detector {
  const config = valueAt(check.properties, "HealthCheckConfig");
  const type = textAt(config, "Type") ?? "";
  const isInverted = String(valueAt(config, "Inverted")) === "true";
  const detector = (seconds: number | null, noticesSilence: boolean): Detector => ({
    resource: check,
    seconds,
    tells: "route-53",
    noticesSilence: noticesSilence && !isInverted,
  });
  if (/^(HTTPS?(_STR_MATCH)?|TCP)$/.test(type)) {
    const interval = numberAt(config, "RequestInterval") ?? 30;
    return detector(interval * (numberAt(config, "FailureThreshold") ?? 3), true);
  }
  if (type === "CALCULATED" && depth < checkDepthMax) {
    const ids = textsAt(config, "ChildHealthChecks");
    const children = primary
      .ofType("AWS::Route53::HealthCheck")
      .filter(({ physicalId }) => ids.includes(physicalId))
      .map((child) => ofHealthCheck(child, primary, depth + 1));
    return ofChildren(children, numberAt(config, "HealthThreshold") ?? ids.length, detector);
  }
  if (type !== "CLOUDWATCH_METRIC") return detector(null, false);
  const alarm = primary
    .ofType("AWS::CloudWatch::Alarm")
    .find(({ properties }) => textAt(properties, "AlarmName") === textAt(config, "AlarmIdentifier", "Name"));
  if (alarm === undefined) return detector(null, false);
  const isElsewhere = textAt(config, "AlarmIdentifier", "Region") !== primary.region;
  const countsUnknown = textAt(config, "InsufficientDataHealthStatus") === "Unhealthy";
  const silence = silenceOf(alarm);
  return detector(
    secondsOf(alarm),
    (isElsewhere && silence === "bad") || (countsUnknown && silence !== "good"),
  );
}

/** A check of checks is bad as soon as fewer than its threshold are good. */
function ofChildren(
  children: readonly Detector[],
  threshold: number,
  detector: (seconds: number | null, noticesSilence: boolean) => Detector,
): Detector {
  const goodInSilence = children.filter(({ noticesSilence }) => !noticesSilence).length;
  const seconds = children
    .map((child) => child.seconds ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b)
    .at(Math.max(0, children.length - threshold));
  return detector(
    seconds === undefined || !Number.isFinite(seconds) ? null : seconds,
    children.length > 0 && goodInSilence < threshold,
  );
}

/** Alarms of the whole region: those of the recovery plan, and those that watch the load balancer of a cell. */
function watchAlarms(primary: Side): readonly Resource[] {
  const ofPlans = primary
    .ofType("AWS::ARCRegionSwitch::Plan")
    .flatMap(({ properties }) => Object.values(valueAt(properties, "AssociatedAlarms") ?? {}))
    .map((alarm) => textAt(alarm, "ResourceIdentifier"));
  return primary
    .ofType("AWS::CloudWatch::Alarm")
    .filter(
      ({ arn, stack, properties }) =>
        (arn !== null && ofPlans.includes(arn)) ||
        (stack.area.startsWith("cell-watch") && JSON.stringify(properties).includes("5XX")),
    );
}

/** An alarm of the region itself goes with it, whatever it makes of missing data. */
function ofAlarm(alarm: Resource, primary: Side): Detector {
  return {
    resource: alarm,
    seconds: secondsOf(alarm),
    tells: "people",
    noticesSilence: alarm.stack.region !== primary.region && silenceOf(alarm) === "bad",
  };
}

/** What an alarm makes of metrics that do not come: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
function silenceOf({ properties }: Resource): "bad" | "good" | "unknown" {
  const treated = textAt(properties, "TreatMissingData") ?? "missing";
  if (treated === "missing") return "unknown";
  return treated === "breaching" ? "bad" : "good";
}

/** As many periods as must be bad. */
function secondsOf({ properties }: Resource): number | null {
  const periods = [
    numberAt(properties, "Period"),
    ...listAt(properties, "Metrics").map(
      (metric) => numberAt(metric, "MetricStat", "Period") ?? numberAt(metric, "Period"),
    ),
  ].filter((period) => period !== undefined);
  const count = numberAt(properties, "DatapointsToAlarm") ?? numberAt(properties, "EvaluationPeriods");
  return periods.length === 0 || count === undefined ? null : Math.max(...periods) * count;
}

/** Whether an alarm reaches a person: a topic with a subscription. */
export function reachesPeople({ properties }: Resource, side: Side): boolean {
  const topics = textsAt(properties, "AlarmActions");
  const subscribed = side.ofType("AWS::SNS::Subscription").map((one) => textAt(one.properties, "TopicArn"));
  const inline = side
    .ofType("AWS::SNS::Topic")
    .filter((topic) => listAt(topic.properties, "Subscription").length > 0)
    .map(({ physicalId }) => physicalId);
  return topics.some((topic) => subscribed.includes(topic) || inline.includes(topic));
}

/** How long it takes until somebody or something knows, and decides. */
export function detectionTerms(design: RecoveryDesign, needsPerson: boolean): readonly Term[] {
  const { definition, primary } = design;
  const detectors = detectorsOf(design);
  const used = detectors.filter(({ tells }) => (needsPerson ? tells === "people" : tells === "route-53"));
  const slowest = [...(used.length > 0 ? used : detectors)].sort(
    (a, b) => (b.seconds ?? Number.POSITIVE_INFINITY) - (a.seconds ?? Number.POSITIVE_INFINITY),
  )[0];
  const noticed: Term =
    slowest === undefined
      ? {
          what: "until it is noticed: nothing that is shipped watches the region",
          seconds: null,
          source: "cell-watch",
        }
      : { what: "until it is noticed", seconds: slowest.seconds, source: slowest.resource.key };
  if (!needsPerson) return [noticed];
  const isTold = used.some(({ resource }) => reachesPeople(resource, primary));
  const { critical } = definition.incidents.acknowledgeMinutes;
  return [
    noticed,
    isTold
      ? {
          what: "until a person decides",
          seconds: critical * 60,
          source: "incidents.acknowledgeMinutes.critical",
        }
      : {
          what: "until a person decides: no alarm of the region reaches anybody",
          seconds: null,
          source: "observability.alerts",
        },
  ];
}
