import type { TypePermissions } from "../type-permissions.ts";

export const observabilityTypes: TypePermissions = {
  "AWS::APS::RuleGroupsNamespace": `
    aps: CreateRuleGroupsNamespace DeleteRuleGroupsNamespace DescribeRuleGroupsNamespace
    ListTagsForResource PutRuleGroupsNamespace TagResource UntagResource
  `,
  "AWS::APS::Scraper": `
    aps: CreateScraper DeleteScraper DeleteScraperLoggingConfiguration DescribeScraper
    DescribeScraperLoggingConfiguration DescribeWorkspace ListTagsForResource TagResource UntagResource
    UpdateScraper UpdateScraperLoggingConfiguration
    ec2: AttachNetworkInterface CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces
    DescribeSecurityGroups DescribeSubnets DescribeVpcs DetachNetworkInterface
    ModifyNetworkInterfaceAttribute
    iam: CreateServiceLinkedRole DeleteServiceLinkedRole PassRole
    logs: CreateLogDelivery DeleteLogDelivery DescribeLogGroups GetLogDelivery ListLogDeliveries
    PutResourcePolicy UpdateLogDelivery
  `,
  "AWS::APS::Workspace": `
    aps: CreateAlertManagerDefinition CreateLoggingConfiguration CreateQueryLoggingConfiguration
    CreateWorkspace DeleteAlertManagerDefinition DeleteLoggingConfiguration
    DeleteQueryLoggingConfiguration DeleteWorkspace DescribeAlertManagerDefinition
    DescribeLoggingConfiguration DescribeQueryLoggingConfiguration DescribeWorkspace
    DescribeWorkspaceConfiguration ListTagsForResource PutAlertManagerDefinition TagResource
    UntagResource UpdateLoggingConfiguration UpdateQueryLoggingConfiguration UpdateWorkspaceAlias
    UpdateWorkspaceConfiguration
    kms: CreateGrant Decrypt GenerateDataKey
    logs: CreateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries PutResourcePolicy
    UpdateLogDelivery
  `,
  "AWS::ARCRegionSwitch::Plan": `
    arc-region-switch: CreatePlan DeletePlan GetPlan ListRoute53HealthChecks ListTagsForResource
    TagResource UntagResource UpdatePlan
    iam: PassRole
  `,
  "AWS::ApplicationSignals::ServiceLevelObjective": `
    application-signals: BatchUpdateExclusionWindows CreateServiceLevelObjective
    DeleteServiceLevelObjective GetServiceLevelObjective ListServiceLevelObjectiveExclusionWindows
    ListTagsForResource TagResource UntagResource UpdateServiceLevelObjective
    cloudwatch: GetMetricData
    iam: CreateServiceLinkedRole GetRole
  `,
  "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": `
    chatbot: AssociateToConfiguration CreateMicrosoftTeamsChannelConfiguration
    DeleteMicrosoftTeamsChannelConfiguration DisassociateFromConfiguration
    GetMicrosoftTeamsChannelConfiguration ListAssociations ListTagsForResource TagResource UntagResource
    UpdateMicrosoftTeamsChannelConfiguration
    iam: CreateServiceLinkedRole PassRole
  `,
  "AWS::Chatbot::SlackChannelConfiguration": `
    chatbot: AssociateToConfiguration CreateSlackChannelConfiguration DeleteSlackChannelConfiguration
    DescribeSlackChannelConfigurations DisassociateFromConfiguration ListAssociations
    ListTagsForResource TagResource UntagResource UpdateSlackChannelConfiguration
    iam: CreateServiceLinkedRole PassRole
  `,
  "AWS::CloudWatch::Alarm":
    "cloudwatch: DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource",
  "AWS::CloudWatch::AlarmMuteRule": `
    cloudwatch: DeleteAlarmMuteRule GetAlarmMuteRule ListTagsForResource PutAlarmMuteRule TagResource
    UntagResource
  `,
  "AWS::CloudWatch::AnomalyDetector":
    "cloudwatch: DeleteAnomalyDetector DescribeAnomalyDetectors PutAnomalyDetector",
  "AWS::CloudWatch::CompositeAlarm": `
    cloudwatch: DeleteAlarms DescribeAlarms ListTagsForResource PutCompositeAlarm TagResource
    UntagResource
  `,
  "AWS::CloudWatch::Dashboard":
    "cloudwatch: DeleteDashboards GetDashboard ListTagsForResource PutDashboard TagResource UntagResource",
  "AWS::CloudWatch::MetricStream": `
    cloudwatch: DeleteMetricStream GetMetricStream ListTagsForResource PutMetricStream TagResource
    UntagResource
    iam: PassRole
  `,
  "AWS::Grafana::Workspace": `
    ec2: DescribeDhcpOptions DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets
    DescribeVpcs GetManagedPrefixListEntries
    grafana: CreateWorkspace DeleteWorkspace DescribeWorkspace DescribeWorkspaceAuthentication
    DescribeWorkspaceConfiguration ListTagsForResource TagResource UntagResource UpdateWorkspace
    UpdateWorkspaceAuthentication UpdateWorkspaceConfiguration
    iam: CreateServiceLinkedRole PassRole
  `,
  "AWS::Logs::Delivery": `
    logs: CreateDelivery DeleteDelivery DescribeDeliveries GetDelivery GetDeliveryDestination
    GetDeliverySource ListTagsForResource TagResource UntagResource UpdateDeliveryConfiguration
  `,
  "AWS::Logs::DeliveryDestination": `
    logs: DeleteDeliveryDestination DeleteDeliveryDestinationPolicy GetDeliveryDestination
    GetDeliveryDestinationPolicy ListTagsForResource PutDeliveryDestination PutDeliveryDestinationPolicy
    TagResource UntagResource
  `,
  "AWS::Logs::DeliverySource": `
    logs: DeleteDeliverySource GetDeliverySource ListTagsForResource PutDeliverySource TagResource
    UntagResource
  `,
  "AWS::Logs::LogGroup": `
    logs: AssociateKmsKey CreateLogDelivery CreateLogGroup DeleteDataProtectionPolicy DeleteLogGroup
    DeleteResourcePolicy DeleteRetentionPolicy DescribeIndexPolicies DescribeLogGroups
    DescribeResourcePolicies DisassociateKmsKey GetDataProtectionPolicy ListTagsForResource
    PutBearerTokenAuthentication PutDataProtectionPolicy PutLogGroupDeletionProtection PutResourcePolicy
    PutRetentionPolicy TagResource UntagResource
  `,
  "AWS::Logs::MetricFilter": "logs: DeleteMetricFilter DescribeMetricFilters PutMetricFilter",
  "AWS::Logs::QueryDefinition": "logs: DeleteQueryDefinition DescribeQueryDefinitions PutQueryDefinition",
  "AWS::Logs::ResourcePolicy": "logs: DeleteResourcePolicy DescribeResourcePolicies PutResourcePolicy",
  "AWS::Logs::SubscriptionFilter": `
    iam: PassRole
    logs: DeleteSubscriptionFilter DescribeSubscriptionFilters PutSubscriptionFilter
  `,
  "AWS::Synthetics::Canary": `
    ec2: DescribeSecurityGroups DescribeSubnets DescribeVpcs
    iam: PassRole
    kms: CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext
    lambda: AddPermission CreateFunction DeleteFunction GetFunctionConfiguration ListTags PublishVersion
    TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration
    s3: CreateBucket GetBucketLocation ListAllMyBuckets PutEncryptionConfiguration
    synthetics: CreateCanary DeleteCanary DescribeCanaries GetCanary GetCanaryRuns ListTagsForResource
    StartCanary StartCanaryDryRun StopCanary TagResource UntagResource UpdateCanary
  `,
  "AWS::XRay::Group":
    "xray: CreateGroup DeleteGroup GetGroup ListTagsForResource TagResource UntagResource UpdateGroup",
  "AWS::XRay::ResourcePolicy": "xray: DeleteResourcePolicy ListResourcePolicies PutResourcePolicy",
  "AWS::XRay::SamplingRule": `
    xray: CreateSamplingRule DeleteSamplingRule GetSamplingRules ListTagsForResource TagResource
    UntagResource UpdateSamplingRule
  `,
  "AWS::XRay::TransactionSearchConfig": `
    application-signals: StartDiscovery
    iam: CreateServiceLinkedRole
    logs: CreateLogGroup PutRetentionPolicy
    xray: GetIndexingRules GetTraceSegmentDestination UpdateIndexingRule UpdateTraceSegmentDestination
  `,
};
