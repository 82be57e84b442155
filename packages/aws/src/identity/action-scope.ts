/**
 * What an action may be granted on. Facts of the service authorization reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
 */

/** Actions that change nothing; those of a type are granted on every resource, because half of them have no resource level. */
export function isRead(action: string): boolean {
  return !secretReads.has(action) && /:(Describe|List|Get|BatchGet|Search|Query|View|Verify)/.test(action);
}

/** They read what resources hold, and not how they are set up. */
const secretReads: ReadonlySet<string> = new Set([
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameters",
]);

/** Services without regions: their ARNs name none, and their requests count as those of a region that no platform chooses. */
export const globalServices: ReadonlySet<string> = new Set([
  "arc-region-switch",
  "budgets",
  "ce",
  "chatbot",
  "cloudfront",
  "iam",
  "route53",
  "shield",
]);

/**
 * Actions that change something and can be granted on `*` only, with the reason why that is so: AWS's authorization has no
 * resource for them. Whoever extends the list widens what every deployment can do.
 */
export const unscopedActions: Readonly<Record<string, readonly string[]>> = {
  "what they make has no ARN before it exists": [
    "acm:RequestCertificate",
    "application-signals:CreateServiceLevelObjective",
    "aps:CreateWorkspace",
    "ce:CreateAnomalyMonitor",
    "ce:CreateAnomalySubscription",
    "chatbot:CreateMicrosoftTeamsChannelConfiguration",
    "chatbot:CreateSlackChannelConfiguration",
    "cloudfront:CreateCachePolicy",
    "cloudfront:CreateConnectionGroup",
    "cloudfront:CreateDistribution",
    "cloudfront:CreateDistributionTenant",
    "cloudfront:CreateFunction",
    "cloudfront:CreateOriginAccessControl",
    "cloudfront:CreateOriginRequestPolicy",
    "cloudfront:CreateResponseHeadersPolicy",
    "grafana:CreateWorkspace",
    "guardduty:CreateDetector",
    "kms:CreateKey",
    "lambda:CreateEventSourceMapping",
    "rds:CreateDBProxy",
    "resource-groups:CreateGroup",
    "route53:CreateHealthCheck",
    "route53:CreateHostedZone",
    "servicediscovery:CreateHttpNamespace",
    "servicediscovery:CreatePrivateDnsNamespace",
    "shield:CreateProtection",
    "synthetics:CreateCanary",
  ],
  "they set up a thing that there is once in a region of an account": [
    "application-signals:StartDiscovery",
    "config:DeleteDeliveryChannel",
    "config:PutDeliveryChannel",
    "ecr:PutRegistryScanningConfiguration",
    "ecr:PutReplicationConfiguration",
    "xray:UpdateIndexingRule",
    "xray:UpdateTraceSegmentDestination",
  ],
  "what they work on has no ARN in AWS's authorization": [
    "backup-storage:MountCapsule",
    "cloudfront:CreateMonitoringSubscription",
    "cloudfront:DeleteMonitoringSubscription",
    "cloudwatch:DeleteAnomalyDetector",
    "cloudwatch:PutAnomalyDetector",
    "ecr:CreatePullThroughCacheRule",
    "ecr:CreateRepositoryCreationTemplate",
    "ecr:DeletePullThroughCacheRule",
    "ecr:DeleteRepositoryCreationTemplate",
    "ecr:UpdateRepositoryCreationTemplate",
    "ecs:DeregisterTaskDefinition",
    "elasticloadbalancing:SetWebAcl",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DeleteQueryDefinition",
    "logs:DeleteResourcePolicy",
    "logs:PutQueryDefinition",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "servicediscovery:TagResource",
    "servicediscovery:UntagResource",
    "shield:DisableApplicationLayerAutomaticResponse",
    "shield:EnableApplicationLayerAutomaticResponse",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
    "shield:UpdateApplicationLayerAutomaticResponse",
    "xray:DeleteResourcePolicy",
    "xray:PutResourcePolicy",
  ],
};

const unscoped: ReadonlySet<string> = new Set(Object.values(unscopedActions).flat());

export function isUnscoped(action: string): boolean {
  return unscoped.has(action);
}
