import type { Statement } from "../policy/policy-document.ts";
import type { RecoverableParts } from "./recovery-steps.ts";

export interface RecoveryScope {
  readonly partition: string;
  readonly account: string;
  readonly planName: string;
  /** Begins the names of the platform's roles, such as "shop-production-". */
  readonly rolePrefix: string;
  readonly alarmArns: readonly string[];
}

/**
 * What a Region switch plan does with what the platform has.
 * https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch_execution_blocks.html
 */
export function recoveryStatements(scope: RecoveryScope, parts: RecoverableParts): readonly Statement[] {
  const { partition, account } = scope;
  return [
    {
      Sid: "ReadOwnPlan",
      Effect: "Allow",
      Action: [
        "arc-region-switch:GetPlan",
        "arc-region-switch:GetPlanExecution",
        "arc-region-switch:ListPlanExecutions",
      ],
      Resource: `arn:${partition}:arc-region-switch::${account}:plan/${scope.planName}:*`,
    },
    {
      // How the plan finds out beforehand whether it may do what it would have to.
      Sid: "EvaluateOwnRole",
      Effect: "Allow",
      Action: "iam:SimulatePrincipalPolicy",
      Resource: `arn:${partition}:iam::${account}:role/${scope.rolePrefix}*`,
    },
    ...(scope.alarmArns.length === 0
      ? []
      : [
          {
            Sid: "ReadAlarms",
            Effect: "Allow",
            Action: ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"],
            Resource: scope.alarmArns,
          } as const,
        ]),
    ...databases(scope, parts),
    ...services(parts),
    ...(parts.record === null
      ? []
      : [
          {
            Sid: "FindRecords",
            Effect: "Allow",
            Action: "route53:ListResourceRecordSets",
            Resource: `arn:${partition}:route53:::hostedzone/${parts.record.hostedZoneId}`,
          } as const,
        ]),
  ];
}

function databases(
  { partition, account }: RecoveryScope,
  { databases: all }: RecoverableParts,
): readonly Statement[] {
  if (all.length === 0) return [];
  const globals = all.filter((database) => database.kind !== "rds-replica");
  const replicas = all.filter((database) => database.kind === "rds-replica");
  return [
    {
      Sid: "FindDatabases",
      Effect: "Allow",
      Action: ["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeGlobalClusters"],
      // Region switch lists before it looks at one.
      Resource: "*",
    },
    ...(globals.length === 0
      ? []
      : [
          {
            Sid: "SwitchGlobalDatabases",
            Effect: "Allow",
            Action: ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"],
            Resource: globals.flatMap(({ globalIdentifier, clusterArns }) => [
              `arn:${partition}:rds::${account}:global-cluster:${globalIdentifier}`,
              clusterArns.primary,
              clusterArns.recovery,
            ]),
          } as const,
        ]),
    ...(replicas.length === 0
      ? []
      : [
          {
            Sid: "PromoteReplicas",
            Effect: "Allow",
            Action: ["rds:ModifyDBInstance", "rds:PromoteReadReplica"],
            Resource: replicas.flatMap(({ instanceArns }) => [instanceArns.primary, instanceArns.recovery]),
          } as const,
        ]),
  ];
}

function services({ services: all }: RecoverableParts): readonly Statement[] {
  if (all.length === 0) return [];
  const both = ({ primary, recovery }: { readonly primary: string; readonly recovery: string }) => [
    primary,
    recovery,
  ];
  return [
    {
      Sid: "ScaleServices",
      Effect: "Allow",
      Action: ["ecs:DescribeServices", "ecs:UpdateService"],
      Resource: all.flatMap(({ serviceArns }) => both(serviceArns)),
    },
    {
      Sid: "FindClusters",
      Effect: "Allow",
      Action: "ecs:DescribeClusters",
      Resource: [...new Set(all.flatMap(({ clusterArns }) => both(clusterArns)))],
    },
    {
      Sid: "RaiseScaling",
      Effect: "Allow",
      Action: [
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:RegisterScalableTarget",
        "cloudwatch:GetMetricStatistics",
        "ecs:ListServices",
      ],
      // A target is known by the service's name only when it is registered, and the others know no resources.
      Resource: "*",
    },
  ];
}
