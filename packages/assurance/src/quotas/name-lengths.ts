import { unknownIn } from "../artifacts/mark.ts";
import type { Resource, ShippedStack } from "../artifacts/shipment.ts";
import { textAt } from "../posture/read-value.ts";
import { type Finding, notApplicable, refuted, type Rule } from "../rule.ts";
import { withoutMarks } from "./usage/identity.ts";

interface NameLimit {
  readonly property: string;
  readonly max: number;
}

/** How long AWS lets names be that a template gives: what it makes up itself it shortens. Each by the reference of its API. */
const limits: Readonly<Record<string, NameLimit>> = {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  "AWS::IAM::Role": { property: "RoleName", max: 64 },
  "AWS::IAM::ManagedPolicy": { property: "ManagedPolicyName", max: 128 },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  "AWS::S3::Bucket": { property: "BucketName", max: 63 },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
  "AWS::ElasticLoadBalancingV2::LoadBalancer": { property: "Name", max: 32 },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  "AWS::ElasticLoadBalancingV2::TargetGroup": { property: "Name", max: 32 },
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
  "AWS::ECS::Service": { property: "ServiceName", max: 255 },
  "AWS::ECS::Cluster": { property: "ClusterName", max: 255 },
  "AWS::ECS::TaskDefinition": { property: "Family", max: 255 },
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
  "AWS::RDS::DBCluster": { property: "DBClusterIdentifier", max: 63 },
  "AWS::RDS::DBInstance": { property: "DBInstanceIdentifier", max: 63 },
  "AWS::RDS::GlobalCluster": { property: "GlobalClusterIdentifier", max: 63 },
  "AWS::DocDB::DBCluster": { property: "DBClusterIdentifier", max: 63 },
  "AWS::DocDB::DBInstance": { property: "DBInstanceIdentifier", max: 63 },
  // https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
  "AWS::ElastiCache::ReplicationGroup": { property: "ReplicationGroupId", max: 40 },
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
  "AWS::SecretsManager::Secret": { property: "Name", max: 512 },
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  "AWS::Logs::LogGroup": { property: "LogGroupName", max: 512 },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  "AWS::CloudWatch::Alarm": { property: "AlarmName", max: 255 },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  "AWS::EC2::SecurityGroup": { property: "GroupName", max: 255 },
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  "AWS::SSM::Parameter": { property: "Name", max: 1011 },
  // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
  "AWS::ECR::Repository": { property: "RepositoryName", max: 256 },
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  "AWS::Events::Rule": { property: "Name", max: 64 },
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  "AWS::SNS::Topic": { property: "TopicName", max: 256 },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const stackNameMax = 128;

/** Findings that are listed one by one. */
const listedMax = 20;

/** The names of everything that is shipped, as far as they are too long. */
export interface NameCount {
  /** Names that were measured. */
  named: number;
  tooLong: number;
  /** The first of those that are too long. */
  readonly findings: Finding[];
}

/** Measures the names of one stack. One that cannot be resolved is a problem of the shipment itself. */
export function countNames(
  stack: ShippedStack,
  resources: readonly Resource[],
  idLengthMax: number,
  count: NameCount,
): void {
  const names = [
    { subject: stack.id, name: stack.stackName, max: stackNameMax, what: "stack" },
    ...resources.flatMap(nameOf),
  ];
  for (const { subject, name, max, what } of names) {
    if (unknownIn(name) !== undefined) continue;
    const text = shown(name, idLengthMax);
    count.named += 1;
    if (text.length <= max) continue;
    count.tooLong += 1;
    if (count.findings.length === listedMax) continue;
    const witness = `${text} has ${text.length} characters, and the name of a ${what} has ${max} at the most`;
    count.findings.push(refuted(subject, witness));
  }
}

/** Names must fit for the longest tenant id that may come, and for those that there are. */
export const nameLengths: Rule<[{ readonly usage: { readonly names: Readonly<NameCount> } }]> = {
  id: "quotas/name-lengths",
  why: "AWS refuses a longer name: the stack of a tenant with a long id cannot be made",
  fix: "shorten the name's pattern in the definition, or let tenant ids be shorter (tenantIdLengthMax)",
  judge: ({ usage: { names } }) => {
    const { named, tooLong, findings } = names;
    if (named === 0) return [notApplicable("names", "what is shipped has no names")];
    if (tooLong <= listedMax) return findings;
    return [...findings, refuted("names", `${tooLong - listedMax} more names are too long`)];
  },
};

function nameOf({ key, type, properties }: Resource) {
  const limit = limits[type];
  const name = limit === undefined ? undefined : textAt(properties, limit.property);
  if (limit === undefined || name === undefined) return [];
  return [{ subject: key, name, max: limit.max, what: type }];
}

/** The name with the longest tenant id in it. */
function shown(name: string, idLengthMax: number): string {
  return withoutMarks(name, (content) => {
    if (/^(tenant|username):/.test(content)) return "x".repeat(idLengthMax);
    // An account has twelve digits; nothing else that AWS makes up stands in a name, and the id of a thing is no longer.
    return "x".repeat(12);
  });
}
