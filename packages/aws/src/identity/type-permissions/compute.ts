import type { TypePermissions } from "../type-permissions.ts";

export const computeTypes: TypePermissions = {
  "AWS::ApplicationAutoScaling::ScalableTarget": `
    application-autoscaling: DeleteScheduledAction DeregisterScalableTarget DescribeScalableTargets
    DescribeScheduledActions ListTagsForResource PutScheduledAction RegisterScalableTarget TagResource
    UntagResource
    cloudwatch: DeleteAlarms DescribeAlarms PutMetricAlarm
    iam: CreateServiceLinkedRole PassRole
    lambda: DeleteProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig
    PutProvisionedConcurrencyConfig
  `,
  "AWS::ApplicationAutoScaling::ScalingPolicy": `
    application-autoscaling: DeleteScalingPolicy DescribeScalingPolicies PutScalingPolicy
    cloudwatch: GetMetricData
  `,
  "AWS::ECR::PullThroughCacheRule": `
    ecr: CreatePullThroughCacheRule DeletePullThroughCacheRule DescribePullThroughCacheRules
    iam: CreateServiceLinkedRole PassRole
    secretsmanager: GetSecretValue
  `,
  "AWS::ECR::RegistryScanningConfiguration": `
    ecr: GetRegistryScanningConfiguration PutRegistryScanningConfiguration
    iam: CreateServiceLinkedRole
  `,
  "AWS::ECR::ReplicationConfiguration": `
    ecr: DescribeRegistry PutReplicationConfiguration
    iam: CreateServiceLinkedRole
  `,
  "AWS::ECR::Repository": `
    ecr: CreateRepository DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy
    DescribeRepositories GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource
    PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy
    TagResource UntagResource
    kms: CreateGrant DescribeKey RetireGrant
  `,
  "AWS::ECR::RepositoryCreationTemplate": `
    ecr: CreateRepository CreateRepositoryCreationTemplate DeleteRepositoryCreationTemplate
    DescribeRepositoryCreationTemplates PutLifecyclePolicy SetRepositoryPolicy
    UpdateRepositoryCreationTemplate
    iam: CreateServiceLinkedRole PassRole
  `,
  "AWS::ECS::CapacityProvider": `
    ecs: CreateCapacityProvider DeleteCapacityProvider DescribeCapacityProviders ListTagsForResource
    PutClusterCapacityProviders TagResource UntagResource UpdateCapacityProvider
    iam: CreateServiceLinkedRole PassRole
  `,
  "AWS::ECS::Cluster": `
    ecs: CreateCluster DeleteCluster DescribeClusters ListTagsForResource PutClusterCapacityProviders
    TagResource UntagResource UpdateCluster UpdateClusterSettings
    iam: CreateServiceLinkedRole
    kms: DescribeKey
  `,
  "AWS::ECS::ClusterCapacityProviderAssociations":
    "ecs: DescribeCapacityProviders DescribeClusters PutClusterCapacityProviders",
  "AWS::ECS::Service": `
    ecs: CreateService DeleteService DescribeServiceDeployments DescribeServices ListServiceDeployments
    ListTagsForResource StopServiceDeployment TagResource UntagResource UpdateService
    iam: PassRole
  `,
  "AWS::ECS::TaskDefinition": `
    ecs: DeregisterTaskDefinition DescribeTaskDefinition ListTagsForResource RegisterTaskDefinition
    TagResource UntagResource
    iam: GetRole PassRole
  `,
  "AWS::ElasticLoadBalancingV2::Listener": `
    elasticloadbalancing: AddTags CreateListener DeleteListener DescribeListenerAttributes
    DescribeListeners DescribeTags ModifyListener ModifyListenerAttributes RemoveTags
  `,
  "AWS::ElasticLoadBalancingV2::ListenerCertificate": `
    elasticloadbalancing: AddListenerCertificates DescribeListenerCertificates
    RemoveListenerCertificates
  `,
  "AWS::ElasticLoadBalancingV2::ListenerRule": `
    elasticloadbalancing: AddTags CreateRule DeleteRule DescribeRules DescribeTags ModifyRule RemoveTags
    SetRulePriorities
  `,
  "AWS::ElasticLoadBalancingV2::LoadBalancer": `
    elasticloadbalancing: AddTags CreateLoadBalancer DeleteLoadBalancer DescribeCapacityReservation
    DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags ModifyCapacityReservation
    ModifyIpPools ModifyLoadBalancerAttributes RemoveTags SetIpAddressType SetSecurityGroups SetSubnets
  `,
  "AWS::ElasticLoadBalancingV2::TargetGroup": `
    ec2: DescribeVpcs
    elasticloadbalancing: AddTags CreateTargetGroup DeleteTargetGroup DeregisterTargets DescribeTags
    DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth ModifyTargetGroup
    ModifyTargetGroupAttributes RegisterTargets RemoveTags
  `,
  "AWS::Events::EventBus": `
    events: CreateEventBus DeleteEventBus DescribeEventBus ListTagsForResource TagResource UntagResource
    UpdateEventBus
    kms: Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom
    ReEncryptTo
  `,
  "AWS::Events::Rule": `
    events: DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets
    RemoveTargets TagResource UntagResource
    iam: PassRole
  `,
  "AWS::Lambda::EventInvokeConfig": `
    lambda: DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig PutFunctionEventInvokeConfig
    UpdateFunctionEventInvokeConfig
  `,
  "AWS::Lambda::EventSourceMapping": `
    kms: Decrypt DescribeKey GenerateDataKey
    lambda: CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping ListTags TagResource
    UntagResource UpdateEventSourceMapping
  `,
  "AWS::Lambda::Function": `
    ec2: DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs
    iam: PassRole
    kms: CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey
    lambda: CreateFunction DeleteFunction DeleteFunctionConcurrency GetFunction
    GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig ListTags
    PublishVersion PutFunctionConcurrency PutFunctionRecursionConfig PutFunctionScalingConfig
    PutRuntimeManagementConfig TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration
  `,
  "AWS::Lambda::Permission": "lambda: AddPermission GetPolicy RemovePermission",
  "AWS::Scheduler::Schedule": `
    iam: PassRole
    scheduler: CreateSchedule DeleteSchedule GetSchedule UpdateSchedule
  `,
  "AWS::Scheduler::ScheduleGroup": `
    scheduler: CreateScheduleGroup DeleteSchedule DeleteScheduleGroup GetScheduleGroup
    ListTagsForResource TagResource UntagResource
  `,
  "AWS::ServiceDiscovery::HttpNamespace": `
    servicediscovery: CreateHttpNamespace DeleteNamespace GetNamespace GetOperation ListTagsForResource
    TagResource UntagResource UpdateHttpNamespace
  `,
  "AWS::ServiceDiscovery::PrivateDnsNamespace": `
    ec2: DescribeRegions DescribeVpcs
    route53: ChangeResourceRecordSets CreateHostedZone GetHostedZone ListHostedZonesByName
    servicediscovery: CreatePrivateDnsNamespace DeleteNamespace GetNamespace GetOperation
    ListTagsForResource TagResource UntagResource UpdatePrivateDnsNamespace
  `,
  "AWS::ServiceDiscovery::Service": `
    servicediscovery: CreateService DeleteService DeleteServiceAttributes GetNamespace GetOperation
    GetService GetServiceAttributes ListServices ListTagsForResource TagResource UntagResource
    UpdateService UpdateServiceAttributes
  `,
  "AWS::StepFunctions::StateMachine": `
    iam: PassRole
    kms: Decrypt DescribeKey GenerateDataKey
    states: CreateStateMachine DeleteStateMachine DescribeStateMachine ListTagsForResource TagResource
    UntagResource UpdateStateMachine
  `,
};
