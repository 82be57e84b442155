/** One thing of a type that has a name which AWS compares with others. */
export interface NameKind {
  /** What has the name, for people. */
  readonly what: string;
  /** Where the name is in the resource's properties; a list's items are all meant. */
  readonly path: readonly string[];
  /** Among which others the name must be the only one: in a region where nothing is said. */
  readonly scope?: "everywhere" | "account" | { readonly within: string };
  readonly lengthMax: number;
  readonly lengthMin?: number;
  /** Matches each character that AWS takes. */
  readonly characters: RegExp;
  /** AWS takes "A" and "a" for the same. */
  readonly foldsCase?: true;
}

const hyphenated = /[A-Za-z0-9-]/;
const wordlike = /[A-Za-z0-9_-]/;
const dotted = /[A-Za-z0-9._-]/;
const iamName = /[A-Za-z0-9+=,.@_-]/;
const printable = /[\x20-\x7e]/;
const hostLike = /[a-z0-9._*-]/;

const named = (
  what: string,
  property: string,
  lengthMax: number,
  characters: RegExp,
  more: Partial<NameKind> = {},
): NameKind => ({ what, path: property.split("."), lengthMax, characters, ...more });

const iam = (what: string, property: string, lengthMax: number): NameKind =>
  named(what, property, lengthMax, iamName, { scope: "account", foldsCase: true });

const database = (what: string, property: string): NameKind =>
  named(what, property, 63, hyphenated, { foldsCase: true });

/**
 * What names resources, how far the name must be the only one, and what AWS takes. Each by the reference of the type:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const nameKinds: Readonly<Record<string, readonly NameKind[]>> = {
  "AWS::S3::Bucket": [named("bucket", "BucketName", 63, /[a-z0-9.-]/, { scope: "everywhere", lengthMin: 3 })],
  "AWS::S3::AccessPoint": [named("access point", "Name", 50, /[a-z0-9-]/)],
  "AWS::SecretsManager::Secret": [named("secret", "Name", 512, /[A-Za-z0-9/_+=.@-]/)],
  "AWS::SecretsManager::RotationSchedule": [
    named("rotation function", "HostedRotationLambda.RotationLambdaName", 64, wordlike),
  ],
  "AWS::SSM::Parameter": [named("parameter", "Name", 1011, /[A-Za-z0-9_./-]/)],
  "AWS::KMS::Alias": [named("key alias", "AliasName", 256, /[A-Za-z0-9/_-]/)],
  "AWS::Logs::LogGroup": [named("log group", "LogGroupName", 512, /[A-Za-z0-9_/.#-]/)],
  "AWS::Logs::QueryDefinition": [named("log query", "Name", 255, printable)],
  "AWS::Logs::MetricFilter": [
    named("metric filter", "FilterName", 512, printable, { scope: { within: "LogGroupName" } }),
  ],
  "AWS::Logs::SubscriptionFilter": [
    named("subscription filter", "FilterName", 512, printable, { scope: { within: "LogGroupName" } }),
  ],
  "AWS::Logs::DeliverySource": [named("delivery source", "Name", 60, wordlike)],
  "AWS::Logs::DeliveryDestination": [named("delivery destination", "Name", 60, wordlike)],
  "AWS::IAM::Role": [iam("role", "RoleName", 64)],
  "AWS::IAM::User": [iam("user", "UserName", 64)],
  "AWS::IAM::Group": [iam("group", "GroupName", 128)],
  "AWS::IAM::ManagedPolicy": [iam("policy", "ManagedPolicyName", 128)],
  "AWS::IAM::InstanceProfile": [iam("instance profile", "InstanceProfileName", 128)],
  "AWS::ECS::Cluster": [named("cluster", "ClusterName", 255, wordlike)],
  "AWS::ECS::Service": [named("service", "ServiceName", 255, wordlike, { scope: { within: "Cluster" } })],
  "AWS::ECS::TaskDefinition": [named("task family", "Family", 255, wordlike)],
  "AWS::ECR::Repository": [named("repository", "RepositoryName", 256, /[a-z0-9/._-]/)],
  "AWS::ApplicationAutoScaling::ScalableTarget": [
    named("scalable target", "ResourceId", 1600, printable, { scope: { within: "ScalableDimension" } }),
  ],
  "AWS::ElasticLoadBalancingV2::LoadBalancer": [named("load balancer", "Name", 32, hyphenated)],
  "AWS::ElasticLoadBalancingV2::TargetGroup": [named("target group", "Name", 32, hyphenated)],
  "AWS::EC2::SecurityGroup": [
    named("security group", "GroupName", 255, printable, { scope: { within: "VpcId" } }),
  ],
  "AWS::EC2::LaunchTemplate": [named("launch template", "LaunchTemplateName", 128, /[A-Za-z0-9()./_-]/)],
  "AWS::AutoScaling::AutoScalingGroup": [named("scaling group", "AutoScalingGroupName", 255, printable)],
  "AWS::CloudWatch::Alarm": [named("alarm", "AlarmName", 255, printable)],
  "AWS::CloudWatch::CompositeAlarm": [named("alarm", "AlarmName", 255, printable)],
  "AWS::CloudWatch::Dashboard": [named("dashboard", "DashboardName", 255, wordlike, { scope: "account" })],
  "AWS::SQS::Queue": [named("queue", "QueueName", 80, dotted)],
  "AWS::SNS::Topic": [named("topic", "TopicName", 256, dotted)],
  "AWS::Events::Rule": [named("event rule", "Name", 64, dotted, { scope: { within: "EventBusName" } })],
  "AWS::Events::EventBus": [named("event bus", "Name", 256, /[A-Za-z0-9/._-]/)],
  "AWS::Scheduler::Schedule": [named("schedule", "Name", 64, dotted, { scope: { within: "GroupName" } })],
  "AWS::Lambda::Function": [named("function", "FunctionName", 64, wordlike)],
  "AWS::StepFunctions::StateMachine": [named("state machine", "StateMachineName", 80, dotted)],
  "AWS::Kinesis::Stream": [named("stream", "Name", 128, dotted)],
  "AWS::KinesisFirehose::DeliveryStream": [named("delivery stream", "DeliveryStreamName", 64, dotted)],
  "AWS::RDS::DBCluster": [database("database cluster", "DBClusterIdentifier")],
  "AWS::RDS::DBInstance": [database("database instance", "DBInstanceIdentifier")],
  "AWS::RDS::GlobalCluster": [
    { ...database("global database", "GlobalClusterIdentifier"), scope: "account" },
  ],
  "AWS::RDS::DBProxy": [database("database proxy", "DBProxyName")],
  "AWS::RDS::DBSubnetGroup": [
    named("database subnet group", "DBSubnetGroupName", 255, /[A-Za-z0-9 ._-]/, { foldsCase: true }),
  ],
  "AWS::RDS::DBParameterGroup": [
    named("parameter group", "DBParameterGroupName", 255, hyphenated, { foldsCase: true }),
  ],
  "AWS::RDS::DBClusterParameterGroup": [
    named("parameter group", "DBClusterParameterGroupName", 255, hyphenated, { foldsCase: true }),
  ],
  // DocumentDB shares its names with RDS, whose API it has.
  "AWS::DocDB::DBCluster": [database("database cluster", "DBClusterIdentifier")],
  "AWS::DocDB::DBInstance": [database("database instance", "DBInstanceIdentifier")],
  "AWS::DocDB::GlobalCluster": [
    { ...database("global database", "GlobalClusterIdentifier"), scope: "account" },
  ],
  "AWS::DocDB::DBSubnetGroup": [
    named("database subnet group", "DBSubnetGroupName", 255, /[A-Za-z0-9 ._-]/, { foldsCase: true }),
  ],
  "AWS::DocDB::DBClusterParameterGroup": [
    named("parameter group", "Name", 255, hyphenated, { foldsCase: true }),
  ],
  "AWS::DynamoDB::Table": [named("table", "TableName", 255, dotted)],
  "AWS::DynamoDB::GlobalTable": [named("table", "TableName", 255, dotted)],
  "AWS::ElastiCache::ReplicationGroup": [
    named("cache", "ReplicationGroupId", 40, hyphenated, { foldsCase: true }),
  ],
  "AWS::ElastiCache::CacheCluster": [
    named("cache cluster", "ClusterName", 50, hyphenated, { foldsCase: true }),
  ],
  "AWS::ElastiCache::ServerlessCache": [
    named("cache", "ServerlessCacheName", 40, hyphenated, { foldsCase: true }),
  ],
  "AWS::ElastiCache::SubnetGroup": [
    named("cache subnet group", "CacheSubnetGroupName", 255, /[A-Za-z0-9 ._-]/, { foldsCase: true }),
  ],
  "AWS::ElastiCache::User": [named("cache user", "UserId", 40, hyphenated, { foldsCase: true })],
  "AWS::ElastiCache::UserGroup": [
    named("cache user group", "UserGroupId", 40, hyphenated, { foldsCase: true }),
  ],
  "AWS::Backup::BackupVault": [named("backup vault", "BackupVaultName", 50, wordlike)],
  "AWS::Backup::RestoreTestingPlan": [named("restore test", "RestoreTestingPlanName", 50, /[A-Za-z0-9_]/)],
  "AWS::CloudTrail::Trail": [named("trail", "TrailName", 128, dotted)],
  "AWS::Config::ConfigRule": [named("config rule", "ConfigRuleName", 128, printable)],
  "AWS::Organizations::Policy": [named("organization policy", "Name", 128, printable, { scope: "account" })],
  "AWS::Route53::RecordSet": [
    named("DNS name", "Name", 255, hostLike, { scope: { within: "HostedZoneId" }, foldsCase: true }),
  ],
  "AWS::ServiceDiscovery::HttpNamespace": [named("namespace", "Name", 1024, /[!-~]/)],
  "AWS::ServiceDiscovery::PrivateDnsNamespace": [
    named("namespace", "Name", 253, hostLike, { scope: { within: "Vpc" }, foldsCase: true }),
  ],
  "AWS::ServiceDiscovery::Service": [
    named("discovered service", "Name", 127, dotted, { scope: { within: "NamespaceId" }, foldsCase: true }),
  ],
  "AWS::WAFv2::WebACL": [named("web ACL", "Name", 128, wordlike, { scope: { within: "Scope" } })],
  "AWS::XRay::Group": [named("trace group", "GroupName", 32, printable, { foldsCase: true })],
  "AWS::XRay::SamplingRule": [named("sampling rule", "SamplingRule.RuleName", 32, printable)],
  "AWS::ARCRegionSwitch::Plan": [named("recovery plan", "Name", 32, hyphenated, { scope: "account" })],
};

/**
 * Types that have no name which AWS compares with others, or none but that of what they belong to. A type that stands in
 * neither list is unknown.
 */
export const namelessTypes: readonly string[] = Object.freeze([
  "AWS::ApplicationAutoScaling::ScalingPolicy",
  "AWS::Backup::BackupPlan",
  "AWS::Backup::BackupSelection",
  "AWS::Backup::RestoreTestingSelection",
  "AWS::CE::AnomalyMonitor",
  "AWS::CE::AnomalySubscription",
  "AWS::CertificateManager::Certificate",
  "AWS::EC2::EIP",
  "AWS::EC2::Instance",
  "AWS::EC2::NetworkInterface",
  "AWS::EC2::SecurityGroupEgress",
  "AWS::EC2::SecurityGroupIngress",
  "AWS::EC2::Subnet",
  "AWS::EC2::VPCEndpoint",
  "AWS::EC2::Volume",
  "AWS::EFS::AccessPoint",
  "AWS::EFS::FileSystem",
  "AWS::EFS::MountTarget",
  "AWS::ElasticLoadBalancingV2::Listener",
  "AWS::ElasticLoadBalancingV2::ListenerCertificate",
  "AWS::ElasticLoadBalancingV2::ListenerRule",
  "AWS::ElastiCache::ParameterGroup",
  "AWS::IAM::Policy",
  "AWS::IAM::RolePolicy",
  "AWS::KMS::Key",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Permission",
  "AWS::Route53::HealthCheck",
  "AWS::Route53::HostedZone",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::Subscription",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
  "AWS::SecretsManager::ResourcePolicy",
  "AWS::SecretsManager::SecretTargetAttachment",
  "AWS::WAFv2::LoggingConfiguration",
  "AWS::WAFv2::WebACLAssociation",
]);

/** The stack itself. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
export const stackKind: NameKind = {
  what: "stack",
  path: [],
  lengthMax: 128,
  characters: hyphenated,
};

/** The user of a tenant, as the secret for it says. https://www.postgresql.org/docs/current/limits.html */
export const databaseUserKind: NameKind = {
  what: "database user",
  path: [],
  lengthMax: 63,
  characters: /[a-z0-9_]/,
};
