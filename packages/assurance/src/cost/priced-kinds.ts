import {
  costOfConfigRule,
  costOfConfigurationRecorder,
  costOfDetector,
  costOfTrail,
} from "./components/audit.ts";
import { costOfBackupPlan, costOfRestoreTest } from "./components/backup-plan.ts";
import { costOfBucket } from "./components/bucket.ts";
import { costOfReplicationGroup } from "./components/cache.ts";
import type { CostOf } from "./components/cost-of.ts";
import { costOfAuroraCluster, costOfRdsInstance } from "./components/database.ts";
import { costOfDocumentCluster, costOfDocumentInstance } from "./components/document-database.ts";
import { costOfEcsCluster } from "./components/ecs-cluster.ts";
import { costOfEcsService } from "./components/ecs-service.ts";
import { costOfDistribution, costOfHealthCheck, costOfHostedZone, costOfWebAcl } from "./components/edge.ts";
import { costOfRepository } from "./components/image-repository.ts";
import { costOfKey, costOfParameter, costOfSecret } from "./components/keys-and-secrets.ts";
import { costOfLoadBalancer } from "./components/load-balancer.ts";
import { costOfLogGroup } from "./components/log-group.ts";
import {
  costOfAlarm,
  costOfCompositeAlarm,
  costOfDashboard,
  costOfMetricFilter,
  costOfSamplingRule,
  costOfTraceGroup,
} from "./components/monitoring.ts";
import { costOfElasticIp, costOfNatGateway, costOfVpcEndpoint } from "./components/network.ts";
import { costOfRegionSwitchPlan } from "./components/region-switch-plan.ts";
import { costOfSubscription } from "./components/subscription.ts";

/** What each type of resource that costs something is charged for. */
export const pricedKinds: ReadonlyMap<string, CostOf> = new Map([
  ["AWS::ARCRegionSwitch::Plan", costOfRegionSwitchPlan],
  ["AWS::Backup::BackupPlan", costOfBackupPlan],
  ["AWS::Backup::RestoreTestingPlan", costOfRestoreTest],
  ["AWS::CloudFront::Distribution", costOfDistribution],
  ["AWS::CloudTrail::Trail", costOfTrail],
  ["AWS::CloudWatch::Alarm", costOfAlarm],
  ["AWS::CloudWatch::CompositeAlarm", costOfCompositeAlarm],
  ["AWS::CloudWatch::Dashboard", costOfDashboard],
  ["AWS::Config::ConfigRule", costOfConfigRule],
  ["AWS::Config::ConfigurationRecorder", costOfConfigurationRecorder],
  ["AWS::DocDB::DBCluster", costOfDocumentCluster],
  ["AWS::DocDB::DBInstance", costOfDocumentInstance],
  ["AWS::EC2::EIP", costOfElasticIp],
  ["AWS::EC2::NatGateway", costOfNatGateway],
  ["AWS::EC2::VPCEndpoint", costOfVpcEndpoint],
  ["AWS::ECR::Repository", costOfRepository],
  ["AWS::ECS::Cluster", costOfEcsCluster],
  ["AWS::ECS::Service", costOfEcsService],
  ["AWS::ElastiCache::ReplicationGroup", costOfReplicationGroup],
  ["AWS::ElasticLoadBalancingV2::LoadBalancer", costOfLoadBalancer],
  ["AWS::GuardDuty::Detector", costOfDetector],
  ["AWS::KMS::Key", costOfKey],
  ["AWS::KMS::ReplicaKey", costOfKey],
  ["AWS::Logs::LogGroup", costOfLogGroup],
  ["AWS::Logs::MetricFilter", costOfMetricFilter],
  ["AWS::RDS::DBCluster", costOfAuroraCluster],
  ["AWS::RDS::DBInstance", costOfRdsInstance],
  ["AWS::Route53::HealthCheck", costOfHealthCheck],
  ["AWS::Route53::HostedZone", costOfHostedZone],
  ["AWS::S3::Bucket", costOfBucket],
  ["AWS::SNS::Subscription", costOfSubscription],
  ["AWS::SSM::Parameter", costOfParameter],
  ["AWS::SecretsManager::Secret", costOfSecret],
  ["AWS::WAFv2::WebACL", costOfWebAcl],
  ["AWS::XRay::Group", costOfTraceGroup],
  ["AWS::XRay::SamplingRule", costOfSamplingRule],
]);
