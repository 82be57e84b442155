/** Types that hold what cannot be made again, and how CloudFormation keeps it: as it is, or as a snapshot. */
export const statefulTypes: Readonly<
  Record<string, readonly ("Retain" | "RetainExceptOnCreate" | "Snapshot")[]>
> = {
  "AWS::RDS::DBCluster": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::RDS::DBInstance": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::RDS::GlobalCluster": ["Retain", "RetainExceptOnCreate"],
  "AWS::DocDB::DBCluster": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::DocDB::GlobalCluster": ["Retain", "RetainExceptOnCreate"],
  "AWS::Neptune::DBCluster": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::DynamoDB::Table": ["Retain", "RetainExceptOnCreate"],
  "AWS::DynamoDB::GlobalTable": ["Retain", "RetainExceptOnCreate"],
  "AWS::ElastiCache::ReplicationGroup": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::ElastiCache::CacheCluster": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::EC2::Volume": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::EFS::FileSystem": ["Retain", "RetainExceptOnCreate"],
  "AWS::S3::Bucket": ["Retain", "RetainExceptOnCreate"],
  "AWS::KMS::Key": ["Retain", "RetainExceptOnCreate"],
  "AWS::SecretsManager::Secret": ["Retain", "RetainExceptOnCreate"],
  "AWS::Backup::BackupVault": ["Retain", "RetainExceptOnCreate"],
  "AWS::ECR::Repository": ["Retain", "RetainExceptOnCreate"],
  "AWS::Route53::HostedZone": ["Retain", "RetainExceptOnCreate"],
  "AWS::Redshift::Cluster": ["Retain", "RetainExceptOnCreate", "Snapshot"],
  "AWS::OpenSearchService::Domain": ["Retain", "RetainExceptOnCreate"],
  "AWS::Cognito::UserPool": ["Retain", "RetainExceptOnCreate"],
};
