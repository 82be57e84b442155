import { textAt } from "../../posture/read-value.ts";
import { account, regionOf, type StackView, type Use } from "./stack-view.ts";

/** Quotas of an account in a region that one resource of a type uses once. */
const inRegion: Readonly<Record<string, readonly string[]>> = {
  "AWS::ElasticLoadBalancingV2::TargetGroup": ["target-groups"],
  "AWS::ECS::Cluster": ["ecs-clusters"],
  "AWS::ServiceDiscovery::HttpNamespace": ["namespaces"],
  "AWS::ServiceDiscovery::PrivateDnsNamespace": ["namespaces"],
  "AWS::EC2::VPC": ["vpcs"],
  "AWS::EC2::InternetGateway": ["internet-gateways"],
  "AWS::EC2::SecurityGroup": ["security-groups"],
  "AWS::EC2::EIP": ["elastic-ips"],
  // RDS counts the instances and clusters of DocumentDB with its own.
  "AWS::RDS::DBInstance": ["db-instances"],
  "AWS::DocDB::DBInstance": ["db-instances"],
  "AWS::RDS::DBCluster": ["db-clusters"],
  "AWS::DocDB::DBCluster": ["db-clusters"],
  "AWS::RDS::DBClusterParameterGroup": ["db-cluster-parameter-groups"],
  "AWS::DocDB::DBClusterParameterGroup": ["db-cluster-parameter-groups"],
  "AWS::RDS::DBParameterGroup": ["db-parameter-groups"],
  "AWS::RDS::DBSubnetGroup": ["db-subnet-groups"],
  "AWS::DocDB::DBSubnetGroup": ["db-subnet-groups"],
  "AWS::RDS::DBProxy": ["db-proxies"],
  "AWS::ElastiCache::ParameterGroup": ["cache-parameter-groups"],
  "AWS::ElastiCache::SubnetGroup": ["cache-subnet-groups"],
  "AWS::KMS::Key": ["kms-keys"],
  "AWS::KMS::ReplicaKey": ["kms-keys"],
  "AWS::Logs::LogGroup": ["log-groups"],
  "AWS::CloudWatch::Alarm": ["alarms"],
  "AWS::CloudWatch::CompositeAlarm": ["alarms"],
  "AWS::SNS::Topic": ["sns-topics"],
  "AWS::CertificateManager::Certificate": ["certificates"],
  "AWS::ECR::Repository": ["repositories"],
  "AWS::Backup::BackupVault": ["backup-vaults"],
  "AWS::Backup::BackupPlan": ["backup-plans"],
  "AWS::Config::ConfigRule": ["config-rules"],
  "AWS::XRay::SamplingRule": ["sampling-rules"],
};

/** The same of the account as a whole. */
const inAccount: Readonly<Record<string, readonly string[]>> = {
  "AWS::IAM::Role": ["iam-roles"],
  "AWS::IAM::ManagedPolicy": ["managed-policies"],
  "AWS::IAM::Group": ["iam-groups"],
  "AWS::S3::Bucket": ["buckets"],
  "AWS::Route53::HostedZone": ["hosted-zones"],
  "AWS::Route53::HealthCheck": ["health-checks"],
  "AWS::CloudFront::Distribution": ["distributions"],
  "AWS::CloudFront::CachePolicy": ["cache-policies"],
  "AWS::CloudFront::OriginRequestPolicy": ["origin-request-policies"],
};

/** What is counted by its type alone. */
export function simpleCounts(view: StackView): readonly Use[] {
  const region = regionOf(view);
  const counted = [
    ...Object.entries(inRegion).map((entry) => [...entry, region] as const),
    ...Object.entries(inAccount).map((entry) => [...entry, account] as const),
  ].flatMap(([type, quotas, container]) =>
    view
      .ofType(type)
      .flatMap(({ key }) => quotas.map((quota): Use => ({ quota, container, amount: 1, by: key }))),
  );
  return [...counted, ...loadBalancers(view), ...parameters(view), ...hostedRotations(view)];
}

function loadBalancers(view: StackView): readonly Use[] {
  return view
    .ofType("AWS::ElasticLoadBalancingV2::LoadBalancer")
    .filter(({ properties }) => (textAt(properties, "Type") ?? "application") === "application")
    .map(({ key }) => ({ quota: "load-balancers", container: regionOf(view), amount: 1, by: key }));
}

function parameters(view: StackView): readonly Use[] {
  return view
    .ofType("AWS::SSM::Parameter")
    .filter(({ properties }) => textAt(properties, "Tier") !== "Advanced")
    .map(({ key }) => ({ quota: "standard-parameters", container: regionOf(view), amount: 1, by: key }));
}

/**
 * The function that rotates a secret is made by a macro, in a nested stack with a role of its own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-secretsmanager.html
 */
function hostedRotations(view: StackView): readonly Use[] {
  return hostedFunctions(view).flatMap(({ key }) => [
    { quota: "iam-roles", container: account, amount: 1, by: key },
    { quota: "stacks", container: regionOf(view), amount: 1, by: key },
  ]);
}

export function hostedFunctions(view: StackView) {
  return view
    .ofType("AWS::SecretsManager::RotationSchedule")
    .filter(({ properties }) => "HostedRotationLambda" in properties);
}
