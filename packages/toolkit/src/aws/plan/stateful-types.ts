/** Resource types that hold data, with what people call them. Replacing or deleting one can lose what is in it. */
const statefulTypes: Readonly<Record<string, string>> = {
  "AWS::Backup::BackupVault": "backup vault",
  "AWS::CloudTrail::Trail": "audit trail",
  "AWS::Cognito::UserPool": "user pool",
  "AWS::DocDB::DBCluster": "database",
  "AWS::DynamoDB::GlobalTable": "table",
  "AWS::DynamoDB::Table": "table",
  "AWS::EC2::Volume": "volume",
  "AWS::ECR::Repository": "image registry",
  "AWS::EFS::FileSystem": "file system",
  "AWS::ElastiCache::CacheCluster": "cache",
  "AWS::ElastiCache::ReplicationGroup": "cache",
  "AWS::ElastiCache::ServerlessCache": "cache",
  "AWS::KMS::Key": "key",
  "AWS::KMS::ReplicaKey": "key",
  "AWS::Kinesis::Stream": "stream",
  "AWS::Logs::LogGroup": "log group",
  "AWS::MSK::Cluster": "broker",
  "AWS::AmazonMQ::Broker": "broker",
  "AWS::Neptune::DBCluster": "database",
  "AWS::OpenSearchService::Domain": "search domain",
  "AWS::RDS::DBCluster": "database",
  "AWS::RDS::DBInstance": "database",
  "AWS::RDS::GlobalCluster": "database",
  "AWS::Redshift::Cluster": "database",
  "AWS::Route53::HostedZone": "hosted zone",
  "AWS::S3::Bucket": "bucket",
  "AWS::SQS::Queue": "queue",
  "AWS::SecretsManager::Secret": "secret",
};

/** What a stateful resource type is called; undefined for a type that holds nothing. */
export function statefulKind(type: string): string | undefined {
  return Object.hasOwn(statefulTypes, type) ? statefulTypes[type] : undefined;
}
