import type { TypePermissions } from "../type-permissions.ts";

export const dataTypes: TypePermissions = {
  "AWS::Backup::BackupPlan": `
    backup: CreateBackupPlan DeleteBackupPlan GetBackupPlan ListTags TagResource UntagResource
    UpdateBackupPlan
    iam: PassRole
  `,
  "AWS::Backup::BackupSelection": `
    backup: CreateBackupSelection DeleteBackupSelection GetBackupSelection
    iam: CreateServiceLinkedRole GetRole PassRole
  `,
  "AWS::Backup::BackupVault": `
    backup-storage: MountCapsule
    backup: CreateBackupVault DeleteBackupVault DeleteBackupVaultAccessPolicy
    DeleteBackupVaultLockConfiguration DeleteBackupVaultNotifications DescribeBackupVault
    GetBackupVaultAccessPolicy GetBackupVaultNotifications ListTags PutBackupVaultAccessPolicy
    PutBackupVaultLockConfiguration PutBackupVaultNotifications TagResource UntagResource
    kms: CreateGrant Decrypt DescribeKey GenerateDataKey RetireGrant
  `,
  "AWS::Backup::Framework": `
    backup: CreateFramework DeleteFramework DescribeFramework ListTags TagResource UntagResource
    UpdateFramework
    iam: CreateServiceLinkedRole
  `,
  "AWS::Backup::ReportPlan": `
    backup: CreateReportPlan DeleteReportPlan DescribeReportPlan ListTags TagResource UntagResource
    UpdateReportPlan
    iam: CreateServiceLinkedRole
  `,
  "AWS::Backup::RestoreTestingPlan": `
    backup: CreateRestoreTestingPlan DeleteRestoreTestingPlan GetRestoreTestingPlan ListTags TagResource
    UntagResource UpdateRestoreTestingPlan
    iam: CreateServiceLinkedRole
  `,
  "AWS::Backup::RestoreTestingSelection": `
    backup: CreateRestoreTestingSelection DeleteRestoreTestingSelection GetRestoreTestingSelection
    UpdateRestoreTestingSelection
    iam: PassRole
  `,
  "AWS::DocDB::DBCluster": `
    ec2: DescribeSecurityGroups
    iam: CreateServiceLinkedRole
    kms: CreateGrant Decrypt DescribeKey GenerateDataKey
    rds: AddTagsToResource CreateDBCluster CreateDBClusterSnapshot CreateGlobalCluster DeleteDBCluster
    DescribeDBClusterSnapshots DescribeDBClusters DescribeDBSubnetGroups DescribeGlobalClusters
    ListTagsForResource ModifyDBCluster RemoveFromGlobalCluster RemoveTagsFromResource
    RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime
    secretsmanager: CreateSecret TagResource
  `,
  "AWS::DocDB::DBClusterParameterGroup": `
    rds: AddTagsToResource CreateDBClusterParameterGroup DeleteDBClusterParameterGroup
    DescribeDBClusterParameterGroups DescribeDBClusterParameters ListTagsForResource
    ModifyDBClusterParameterGroup RemoveTagsFromResource
  `,
  "AWS::DocDB::DBInstance": `
    rds: AddTagsToResource CreateDBInstance DeleteDBInstance DescribeDBClusters DescribeDBInstances
    ListTagsForResource ModifyDBInstance RebootDBInstance RemoveTagsFromResource
  `,
  "AWS::DocDB::DBSubnetGroup": `
    rds: AddTagsToResource CreateDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups
    ListTagsForResource ModifyDBSubnetGroup RemoveTagsFromResource
  `,
  "AWS::DocDB::EventSubscription": `
    rds: AddSourceIdentifierToSubscription CreateEventSubscription DeleteEventSubscription
    DescribeEventSubscriptions ModifyEventSubscription RemoveSourceIdentifierFromSubscription
  `,
  "AWS::DocDB::GlobalCluster": `
    rds: AddTagsToResource CreateGlobalCluster DeleteGlobalCluster DescribeDBClusters
    DescribeGlobalClusters ListTagsForResource ModifyGlobalCluster RemoveFromGlobalCluster
    RemoveTagsFromResource
  `,
  "AWS::ElastiCache::GlobalReplicationGroup": `
    elasticache: AddTagsToResource CreateGlobalReplicationGroup
    DecreaseNodeGroupsInGlobalReplicationGroup DeleteGlobalReplicationGroup
    DescribeGlobalReplicationGroups DisassociateGlobalReplicationGroup FailoverGlobalReplicationGroup
    IncreaseNodeGroupsInGlobalReplicationGroup ListTagsForResource ModifyGlobalReplicationGroup
    RebalanceSlotsInGlobalReplicationGroup RemoveTagsFromResource
  `,
  "AWS::ElastiCache::ParameterGroup": `
    elasticache: AddTagsToResource CreateCacheParameterGroup DeleteCacheParameterGroup
    DescribeCacheParameterGroups DescribeCacheParameters DescribeEngineDefaultParameters
    ListTagsForResource ModifyCacheParameterGroup RemoveTagsFromResource
    iam: CreateServiceLinkedRole PutRolePolicy
  `,
  "AWS::ElastiCache::ReplicationGroup": `
    elasticache: AddTagsToResource CreateCacheCluster CreateReplicationGroup CreateSnapshot
    DecreaseReplicaCount DeleteCacheCluster DeleteReplicationGroup DescribeCacheClusters
    DescribeReplicationGroups IncreaseReplicaCount ListTagsForResource ModifyReplicationGroup
    ModifyReplicationGroupShardConfiguration RemoveTagsFromResource
    iam: CreateServiceLinkedRole
    kms: CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey
    logs: CreateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries UpdateLogDelivery
  `,
  "AWS::ElastiCache::ServerlessCache": `
    ec2: CreateTags CreateVpcEndpoint
    elasticache: AddTagsToResource CreateServerlessCache DeleteServerlessCache DescribeServerlessCaches
    ListTagsForResource ModifyServerlessCache RemoveTagsFromResource
    kms: CreateGrant DescribeKey
  `,
  "AWS::ElastiCache::SubnetGroup": `
    elasticache: AddTagsToResource CreateCacheSubnetGroup DeleteCacheSubnetGroup
    DescribeCacheSubnetGroups ListTagsForResource ModifyCacheSubnetGroup RemoveTagsFromResource
  `,
  "AWS::ElastiCache::User": `
    elasticache: AddTagsToResource CreateUser DeleteUser DescribeUsers ListTagsForResource ModifyUser
    RemoveTagsFromResource
  `,
  "AWS::ElastiCache::UserGroup": `
    elasticache: AddTagsToResource CreateUserGroup DeleteUserGroup DescribeUserGroups
    ListTagsForResource ModifyReplicationGroup ModifyUserGroup RemoveTagsFromResource
  `,
  "AWS::KMS::Alias": "kms: CreateAlias DeleteAlias ListAliases UpdateAlias",
  "AWS::KMS::Key": `
    kms: CreateKey DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyPolicy
    GetKeyRotationStatus ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource
    UpdateKeyDescription
  `,
  "AWS::KMS::ReplicaKey": `
    kms: CreateKey DescribeKey DisableKey EnableKey GetKeyPolicy ListResourceTags PutKeyPolicy
    ReplicateKey ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription
  `,
  "AWS::RDS::DBCluster": `
    ec2: DescribeSecurityGroups
    iam: CreateServiceLinkedRole PassRole
    kms: CreateGrant Decrypt DescribeKey GenerateDataKey
    rds: AddRoleToDBCluster AddTagsToResource CreateDBCluster CreateDBClusterSnapshot CreateDBInstance
    DeleteDBCluster DeleteDBInstance DescribeDBClusterAutomatedBackups DescribeDBClusterSnapshots
    DescribeDBClusters DescribeDBSnapshots DescribeDBSubnetGroups DescribeEvents DescribeGlobalClusters
    DisableHttpEndpoint EnableHttpEndpoint ListTagsForResource ModifyDBCluster ModifyDBInstance
    RemoveFromGlobalCluster RemoveRoleFromDBCluster RemoveTagsFromResource RestoreDBClusterFromSnapshot
    RestoreDBClusterToPointInTime
    secretsmanager: CreateSecret TagResource
  `,
  "AWS::RDS::DBClusterParameterGroup": `
    iam: CreateServiceLinkedRole
    rds: AddTagsToResource CreateDBClusterParameterGroup DeleteDBClusterParameterGroup
    DescribeDBClusterParameterGroups DescribeDBClusterParameters DescribeDBClusters
    DescribeEngineDefaultClusterParameters ListTagsForResource ModifyDBClusterParameterGroup
    RemoveTagsFromResource ResetDBClusterParameterGroup
  `,
  "AWS::RDS::DBInstance": `
    ec2: DescribeAccountAttributes DescribeAvailabilityZones DescribeInternetGateways
    DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcs
    iam: CreateServiceLinkedRole GetRole PassRole
    kms: CreateGrant Decrypt DescribeKey GenerateDataKey
    rds: AddRoleToDBInstance AddTagsToResource CreateDBInstance CreateDBInstanceReadReplica
    CreateDBSnapshot DeleteDBInstance DescribeDBClusterSnapshots DescribeDBClusters
    DescribeDBEngineVersions DescribeDBInstanceAutomatedBackups DescribeDBInstances
    DescribeDBParameterGroups DescribeDBSnapshots DescribeEvents ListTagsForResource ModifyDBInstance
    PromoteReadReplica RebootDBInstance RemoveRoleFromDBInstance RemoveTagsFromResource
    RestoreDBInstanceFromDBSnapshot RestoreDBInstanceToPointInTime
    StartDBInstanceAutomatedBackupsReplication StopDBInstanceAutomatedBackupsReplication
    secretsmanager: CreateSecret TagResource
  `,
  "AWS::RDS::DBParameterGroup": `
    iam: CreateServiceLinkedRole
    rds: AddTagsToResource CreateDBParameterGroup DeleteDBParameterGroup DescribeDBParameterGroups
    DescribeDBParameters DescribeEngineDefaultParameters ListTagsForResource ModifyDBParameterGroup
    RemoveTagsFromResource ResetDBParameterGroup
  `,
  "AWS::RDS::DBProxy": `
    iam: PassRole
    rds: AddTagsToResource CreateDBProxy DeleteDBProxy DescribeDBProxies ListTagsForResource
    ModifyDBProxy RemoveTagsFromResource
  `,
  "AWS::RDS::DBProxyTargetGroup": `
    rds: AddTagsToResource DeregisterDBProxyTargets DescribeDBProxies DescribeDBProxyTargetGroups
    DescribeDBProxyTargets ListTagsForResource ModifyDBProxyTargetGroup RegisterDBProxyTargets
    RemoveTagsFromResource
  `,
  "AWS::RDS::DBSubnetGroup": `
    iam: CreateServiceLinkedRole
    rds: AddTagsToResource CreateDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups
    ListTagsForResource ModifyDBSubnetGroup RemoveTagsFromResource
  `,
  "AWS::RDS::EventSubscription": `
    iam: CreateServiceLinkedRole
    rds: AddSourceIdentifierToSubscription AddTagsToResource CreateEventSubscription
    DeleteEventSubscription DescribeEventSubscriptions ListTagsForResource ModifyEventSubscription
    RemoveSourceIdentifierFromSubscription RemoveTagsFromResource
  `,
  "AWS::RDS::GlobalCluster": `
    rds: AddTagsToResource CreateGlobalCluster DeleteGlobalCluster DescribeDBClusters
    DescribeGlobalClusters ListTagsForResource ModifyGlobalCluster RemoveFromGlobalCluster
    RemoveTagsFromResource
  `,
  "AWS::S3::Bucket": `
    iam: PassRole
    s3: CreateBucket DeleteBucket DeleteBucketWebsite GetAccelerateConfiguration GetBucketAcl
    GetBucketCORS GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration
    GetBucketOwnershipControls GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning
    GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration
    GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration ListBucket
    ListTagsForResource PutAccelerateConfiguration PutBucketAcl PutBucketCORS PutBucketLogging
    PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls
    PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutBucketWebsite
    PutEncryptionConfiguration PutIntelligentTieringConfiguration PutLifecycleConfiguration
    PutMetricsConfiguration PutReplicationConfiguration TagResource UntagResource
  `,
  "AWS::S3::BucketPolicy": "s3: DeleteBucketPolicy GetBucketPolicy PutBucketPolicy",
  "AWS::SNS::Subscription": `
    iam: GetRole PassRole
    sns: GetSubscriptionAttributes SetSubscriptionAttributes Subscribe Unsubscribe
  `,
  "AWS::SNS::Topic": `
    iam: GetRole PassRole
    sns: CreateTopic DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic
    ListTagsForResource PutDataProtectionPolicy SetTopicAttributes Subscribe TagResource Unsubscribe
    UntagResource
  `,
  "AWS::SNS::TopicInlinePolicy": "sns: GetTopicAttributes SetTopicAttributes",
  "AWS::SNS::TopicPolicy": "sns: SetTopicAttributes",
  "AWS::SQS::Queue": `
    sqs: CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes
    TagQueue UntagQueue
  `,
  "AWS::SQS::QueuePolicy": "sqs: SetQueueAttributes",
  "AWS::SSM::Document": `
    iam: PassRole
    ssm: AddTagsToResource CreateDocument DeleteDocument DescribeDocument GetDocument
    ListTagsForResource RemoveTagsFromResource UpdateDocument UpdateDocumentDefaultVersion
  `,
  "AWS::SSM::Parameter": `
    ssm: AddTagsToResource DeleteParameter GetParameters ListTagsForResource PutParameter
    RemoveTagsFromResource
  `,
  "AWS::SecretsManager::ResourcePolicy":
    "secretsmanager: DeleteResourcePolicy GetResourcePolicy PutResourcePolicy",
  "AWS::SecretsManager::RotationSchedule": `
    iam: PassRole
    lambda: InvokeFunction
    secretsmanager: CancelRotateSecret DescribeSecret RotateSecret
  `,
  "AWS::SecretsManager::Secret": `
    kms: Decrypt DescribeKey GenerateDataKey
    secretsmanager: CreateSecret DeleteSecret DescribeSecret GetRandomPassword GetSecretValue
    RemoveRegionsFromReplication ReplicateSecretToRegions TagResource UntagResource UpdateSecret
  `,
  "AWS::SecretsManager::SecretTargetAttachment": `
    rds: DescribeDBClusters DescribeDBInstances
    secretsmanager: GetSecretValue PutSecretValue
  `,
};
