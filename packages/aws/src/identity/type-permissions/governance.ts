import type { TypePermissions } from "../type-permissions.ts";

export const governanceTypes: TypePermissions = {
  "AWS::Budgets::Budget": "budgets: ListTagsForResource ModifyBudget TagResource UntagResource ViewBudget",
  "AWS::CE::AnomalyMonitor": `
    ce: CreateAnomalyMonitor DeleteAnomalyMonitor GetAnomalyMonitors ListTagsForResource TagResource
    UpdateAnomalyMonitor
  `,
  "AWS::CE::AnomalySubscription": `
    ce: CreateAnomalySubscription DeleteAnomalySubscription GetAnomalySubscriptions ListTagsForResource
    TagResource UpdateAnomalySubscription
  `,
  "AWS::CloudTrail::Trail": `
    cloudtrail: AddTags CreateTrail DeleteTrail DescribeTrails GetEventConfiguration GetEventSelectors
    GetInsightSelectors GetTrail GetTrailStatus ListTags PutEventConfiguration PutEventSelectors
    PutInsightSelectors RemoveTags StartLogging StopLogging UpdateTrail
    iam: CreateServiceLinkedRole GetRole PassRole
  `,
  "AWS::Config::ConfigRule":
    "config: DeleteConfigRule DescribeComplianceByConfigRule DescribeConfigRules PutConfigRule",
  "AWS::Config::ConfigurationRecorder": `
    config: DeleteConfigurationRecorder DescribeConfigurationRecorders ListTagsForResource
    PutConfigurationRecorder StartConfigurationRecorder
    iam: PassRole
  `,
  "AWS::Config::ConformancePack": `
    config: DeleteConformancePack DescribeConformancePackStatus DescribeConformancePacks
    ListTagsForResource PutConformancePack TagResource UntagResource
    iam: CreateServiceLinkedRole PassRole
    s3: GetBucketAcl
  `,
  "AWS::Config::DeliveryChannel": "config: DeleteDeliveryChannel DescribeDeliveryChannels PutDeliveryChannel",
  "AWS::GuardDuty::Detector": `
    guardduty: CreateDetector DeleteDetector GetDetector ListDetectors ListTagsForResource TagResource
    UntagResource UpdateDetector
    iam: CreateServiceLinkedRole GetRole
  `,
  "AWS::IAM::InstanceProfile": `
    iam: AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile
    PassRole RemoveRoleFromInstanceProfile
  `,
  "AWS::IAM::ManagedPolicy": `
    iam: AttachRolePolicy CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion
    DetachRolePolicy GetPolicy GetPolicyVersion ListEntitiesForPolicy ListPolicyVersions
  `,
  "AWS::IAM::Policy": "iam: DeleteRolePolicy GetRolePolicy PutRolePolicy",
  "AWS::IAM::Role": `
    iam: AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy
    ListAttachedRolePolicies ListRolePolicies ListRoleTags PutRolePermissionsBoundary PutRolePolicy
    TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription
  `,
  "AWS::IAM::RolePolicy": "iam: DeleteRolePolicy GetRolePolicy PutRolePolicy",
  "AWS::IAM::ServiceLinkedRole": `
    iam: CreateServiceLinkedRole DeleteServiceLinkedRole GetRole GetServiceLinkedRoleDeletionStatus
    UpdateRole
  `,
  "AWS::ResourceGroups::Group": `
    resource-groups: CreateGroup DeleteGroup GetGroup GetGroupConfiguration GetGroupQuery GetTags
    GroupResources ListGroupResources PutGroupConfiguration Tag UngroupResources Untag UpdateGroup
    UpdateGroupQuery
  `,
  "AWS::SecurityHub::Hub": `
    securityhub: DescribeHub DisableSecurityHub EnableSecurityHub ListTagsForResource TagResource
    UntagResource UpdateSecurityHubConfiguration
  `,
  "AWS::SecurityHub::Standard": `
    securityhub: BatchDisableStandards BatchEnableStandards DescribeStandardsControls
    GetEnabledStandards UpdateStandardsControl
  `,
};
