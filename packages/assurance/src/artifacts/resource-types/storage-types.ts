import { everywhere, inRegion, type ResourceType } from "./resource-type.ts";

const database = (named: string, kind: string, arnAttribute?: string): ResourceType => ({
  named,
  generated: "lower-case name",
  arn: inRegion("rds", `${kind}:{name}`),
  ...(arnAttribute === undefined ? {} : { attributes: { [arnAttribute]: "{arn}" } }),
});

const globalDatabase: ResourceType = {
  named: "GlobalClusterIdentifier",
  generated: "lower-case name",
  arn: everywhere("rds", "global-cluster:{name}"),
};

export const storageTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::S3::Bucket": {
    named: "BucketName",
    generated: "lower-case name",
    arn: "arn:aws:s3:::{name}",
    attributes: {
      DomainName: "{name}.s3.amazonaws.com",
      RegionalDomainName: "{name}.s3.{region}.amazonaws.com",
    },
  },
  "AWS::S3::BucketPolicy": { named: "Bucket" },
  "AWS::S3::AccessPoint": { named: "Name", generated: "name", arn: inRegion("s3", "accesspoint/{name}") },
  "AWS::EFS::FileSystem": {
    arn: inRegion("elasticfilesystem", "file-system/{name}"),
    attributes: { FileSystemId: "{name}" },
  },
  "AWS::EFS::AccessPoint": {
    arn: inRegion("elasticfilesystem", "access-point/{name}"),
    attributes: { AccessPointId: "{name}" },
  },
  "AWS::DynamoDB::Table": {
    named: "TableName",
    generated: "name",
    arn: inRegion("dynamodb", "table/{name}"),
    attributes: { StreamArn: `${inRegion("dynamodb", "table/{name}/stream/{attribute}")}` },
  },
  "AWS::DynamoDB::GlobalTable": {
    named: "TableName",
    generated: "name",
    arn: inRegion("dynamodb", "table/{name}"),
    attributes: {
      TableId: "{attribute}",
      StreamArn: inRegion("dynamodb", "table/{name}/stream/{attribute}"),
    },
  },
  "AWS::RDS::DBCluster": database("DBClusterIdentifier", "cluster", "DBClusterArn"),
  "AWS::RDS::DBInstance": database("DBInstanceIdentifier", "db", "DBInstanceArn"),
  "AWS::RDS::DBClusterParameterGroup": database("DBClusterParameterGroupName", "cluster-pg"),
  "AWS::RDS::DBParameterGroup": database("DBParameterGroupName", "pg"),
  "AWS::RDS::DBSubnetGroup": database("DBSubnetGroupName", "subgrp"),
  "AWS::RDS::GlobalCluster": globalDatabase,
  "AWS::RDS::DBProxy": {
    named: "DBProxyName",
    arn: inRegion("rds", "db-proxy:{mark}"),
    attributes: { DBProxyArn: "{arn}" },
  },
  "AWS::DocDB::DBCluster": database("DBClusterIdentifier", "cluster", "DBClusterArn"),
  "AWS::DocDB::DBInstance": database("DBInstanceIdentifier", "db", "DBInstanceArn"),
  "AWS::DocDB::DBClusterParameterGroup": database("Name", "cluster-pg"),
  "AWS::DocDB::DBSubnetGroup": database("DBSubnetGroupName", "subgrp"),
  "AWS::DocDB::GlobalCluster": globalDatabase,
  "AWS::ElastiCache::ReplicationGroup": {
    named: "ReplicationGroupId",
    generated: "lower-case name",
    arn: inRegion("elasticache", "replicationgroup:{name}"),
  },
  "AWS::ElastiCache::CacheCluster": {
    named: "ClusterName",
    generated: "lower-case name",
    arn: inRegion("elasticache", "cluster:{name}"),
  },
  "AWS::ElastiCache::ServerlessCache": {
    named: "ServerlessCacheName",
    generated: "lower-case name",
    arn: inRegion("elasticache", "serverlesscache:{name}"),
    attributes: { ARN: "{arn}" },
  },
  "AWS::ElastiCache::SubnetGroup": {
    named: "CacheSubnetGroupName",
    generated: "lower-case name",
    arn: inRegion("elasticache", "subnetgroup:{name}"),
  },
  "AWS::ElastiCache::ParameterGroup": {
    generated: "lower-case name",
    arn: inRegion("elasticache", "parametergroup:{name}"),
  },
  "AWS::ElastiCache::User": { named: "UserId", arn: inRegion("elasticache", "user:{name}") },
  "AWS::ElastiCache::UserGroup": { named: "UserGroupId", arn: inRegion("elasticache", "usergroup:{name}") },
  "AWS::Backup::BackupVault": {
    named: "BackupVaultName",
    generated: "name",
    arn: inRegion("backup", "backup-vault:{name}"),
    attributes: { BackupVaultArn: "{arn}", BackupVaultName: "{name}" },
  },
  "AWS::Backup::BackupPlan": {
    arn: inRegion("backup", "backup-plan:{name}"),
    attributes: { BackupPlanArn: "{arn}", BackupPlanId: "{name}" },
  },
  "AWS::Backup::RestoreTestingPlan": {
    named: "RestoreTestingPlanName",
    generated: "name",
    arn: inRegion("backup", "restore-testing-plan:{name}-{mark}"),
    attributes: { RestoreTestingPlanArn: "{arn}" },
  },
};
