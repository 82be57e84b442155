import type { KeptResource } from "../aws/destroy/delete-stack.ts";

type Way = (id: string) => string;

/** By what of AWS's command line people look into what is kept. */
const ways: Readonly<Record<string, Way>> = {
  "AWS::S3::Bucket": (id) => `aws s3 ls s3://${id}`,
  "AWS::DynamoDB::Table": (id) => `aws dynamodb scan --table-name ${id}`,
  "AWS::KMS::Key": (id) => `aws kms describe-key --key-id ${id}`,
  "AWS::Logs::LogGroup": (id) => `aws logs tail ${id} --since 7d`,
  "AWS::SecretsManager::Secret": (id) => `aws secretsmanager get-secret-value --secret-id ${id}`,
  "AWS::RDS::DBCluster": (id) => `aws rds describe-db-clusters --db-cluster-identifier ${id}`,
  "AWS::RDS::DBInstance": (id) => `aws rds describe-db-instances --db-instance-identifier ${id}`,
  "AWS::DocDB::DBCluster": (id) => `aws docdb describe-db-clusters --db-cluster-identifier ${id}`,
  "AWS::SQS::Queue": (id) => `aws sqs get-queue-attributes --attribute-names All --queue-url ${id}`,
};

/** CloudFormation names final snapshots itself; they are found by what they were taken of. */
const snapshotWays: Readonly<Record<string, Way>> = {
  "AWS::RDS::DBCluster": (id) => `aws rds describe-db-cluster-snapshots --db-cluster-identifier ${id}`,
  "AWS::RDS::DBInstance": (id) => `aws rds describe-db-snapshots --db-instance-identifier ${id}`,
  "AWS::DocDB::DBCluster": (id) => `aws docdb describe-db-cluster-snapshots --db-cluster-identifier ${id}`,
  "AWS::ElastiCache::ReplicationGroup": (id) =>
    `aws elasticache describe-snapshots --replication-group-id ${id}`,
  "AWS::ElastiCache::CacheCluster": (id) => `aws elasticache describe-snapshots --cache-cluster-id ${id}`,
  "AWS::EC2::Volume": (id) => `aws ec2 describe-snapshots --filters Name=volume-id,Values=${id}`,
};

/** The command that shows what AWS keeps. */
export function wayTo({ type, physicalId, region, as }: KeptResource): string {
  const known = as === "snapshot" ? snapshotWays : ways;
  const way = Object.hasOwn(known, type) ? known[type] : undefined;
  const command =
    way?.(physicalId) ?? `aws cloudcontrol get-resource --type-name ${type} --identifier ${physicalId}`;
  return `${command} --region ${region}`;
}
