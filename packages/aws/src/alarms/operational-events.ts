import { Stack } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";
import { pascal } from "../stack/platform-stack.ts";
import type { AlertTopics, Severity } from "./severity.ts";

export interface OperationalEventsProps {
  readonly topics: AlertTopics;
  /** Begins the names of ECS clusters whose failed deployments are told; null for none. */
  readonly clusterNamePrefix: string | null;
  /** ARNs of databases whose failovers and failures are told. */
  readonly databaseArns: readonly string[];
  /** The backup vault whose failures are told; null without one. */
  readonly vault: {
    readonly name: string;
    readonly arn: string;
    readonly restoreRoleArn: string | null;
  } | null;
  /** Alarms of another region, which sends their changes here. */
  readonly alarmsElsewhere: { readonly region: string; readonly names: readonly string[] } | null;
  /** Whether GuardDuty's findings are told. */
  readonly guardDuty: boolean;
  /** Whether certificates that expire are told: all of the account, as ACM names no platform. */
  readonly certificates: boolean;
}

type Place = Pick<Stack, "partition" | "region" | "account">;

interface WatchedEvent {
  readonly id: string;
  readonly severity: Severity;
  readonly description: string;
  readonly pattern: Readonly<Record<string, unknown>>;
}

/**
 * What happens once and is no metric, from EventBridge to the topic of its severity. The event goes out as it is: PagerDuty
 * and webhooks read it. A severity without a topic has no rule.
 */
export class OperationalEvents extends Construct {
  constructor(scope: Construct, id: string, props: OperationalEventsProps) {
    super(scope, id);
    for (const event of watched(Stack.of(this), props)) {
      const topic = props.topics[event.severity];
      if (topic === undefined) continue;
      new CfnRule(this, event.id, {
        description: event.description,
        eventPattern: event.pattern,
        targets: [{ id: pascal(event.severity), arn: topic }],
      });
    }
  }
}

function watched(place: Place, props: OperationalEventsProps): readonly WatchedEvent[] {
  return [
    ...deployments(place, props.clusterNamePrefix),
    ...databases(props.databaseArns),
    ...backups(props.vault),
    ...alarmsElsewhere(props.alarmsElsewhere),
    ...(props.guardDuty ? guardDuty : []),
    ...(props.certificates ? certificates : []),
  ];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
function deployments(
  { partition, region, account }: Place,
  clusterNamePrefix: string | null,
): readonly WatchedEvent[] {
  if (clusterNamePrefix === null) return [];
  return [
    {
      id: "FailedDeployments",
      severity: "high",
      description: "A deployment of an ECS service failed and was rolled back.",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        // The event names the service, and only in its ARN the cluster.
        resources: [{ prefix: `arn:${partition}:ecs:${region}:${account}:service/${clusterNamePrefix}` }],
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
    },
  ];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html; DocumentDB tells by the same source. */
function databases(databaseArns: readonly string[]): readonly WatchedEvent[] {
  if (databaseArns.length === 0) return [];
  return [
    {
      id: "DatabaseFailovers",
      severity: "high",
      description: "A database failed over, or failed.",
      pattern: {
        source: ["aws.rds"],
        "detail-type": ["RDS DB Instance Event", "RDS DB Cluster Event"],
        detail: { EventCategories: ["failover", "failure"], SourceArn: databaseArns },
      },
    },
  ];
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
function backups(vault: OperationalEventsProps["vault"]): readonly WatchedEvent[] {
  if (vault === null) return [];
  const source = ["aws.backup"];
  return [
    {
      id: "FailedBackups",
      severity: "high",
      description: "A backup failed, or did not begin in time.",
      pattern: {
        source,
        "detail-type": ["Backup Job State Change"],
        detail: { state: ["FAILED", "ABORTED", "EXPIRED"], backupVaultName: [vault.name] },
      },
    },
    {
      id: "FailedCopies",
      severity: "high",
      description: "A backup could not be copied to the recovery region.",
      pattern: {
        source,
        "detail-type": ["Copy Job State Change"],
        detail: { state: ["FAILED"], sourceBackupVaultArn: [vault.arn] },
      },
    },
    ...(vault.restoreRoleArn === null
      ? []
      : [
          {
            id: "FailedRestores",
            severity: "high",
            description: "A restore that was tried did not succeed: the backup cannot be relied on.",
            pattern: {
              source,
              "detail-type": ["Restore Job State Change"],
              detail: { status: ["FAILED", "ABORTED"], iamRoleArn: [vault.restoreRoleArn] },
            },
          } as const,
        ]),
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function alarmChanges(region: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    source: ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    region: [region],
    // A new alarm has too few data, and becomes quiet from there.
    detail: { alarmName: names, state: { value: ["ALARM", "OK"] } },
  };
}

function alarmsElsewhere(alarms: OperationalEventsProps["alarmsElsewhere"]): readonly WatchedEvent[] {
  if (alarms === null) return [];
  return [
    {
      id: "AlarmsElsewhere",
      severity: "critical",
      description: `An alarm in ${alarms.region} went off, or is over.`,
      pattern: alarmChanges(alarms.region, alarms.names),
    },
  ];
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html: 7 and above is high. */
const guardDuty: readonly WatchedEvent[] = [
  {
    id: "Findings",
    severity: "critical",
    description: "GuardDuty found something of high severity.",
    pattern: {
      source: ["aws.guardduty"],
      "detail-type": ["GuardDuty Finding"],
      detail: { severity: [{ numeric: [">=", 7] }] },
    },
  },
];

/** https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html */
const certificates: readonly WatchedEvent[] = [
  {
    id: "ExpiringCertificates",
    severity: "high",
    description: "A certificate expires within two weeks, or has expired: ACM could not renew it.",
    pattern: {
      source: ["aws.acm"],
      "detail-type": ["ACM Certificate Approaching Expiration", "ACM Certificate Expired"],
      // An expired one says no days.
      $or: [
        { detail: { DaysToExpiry: [{ numeric: ["<=", 14] }] } },
        { detail: { DaysToExpiry: [{ exists: false }] } },
      ],
    },
  },
];
