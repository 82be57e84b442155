import type { TypePermissions } from "../type-permissions.ts";

export const edgeTypes: TypePermissions = {
  "AWS::CertificateManager::Certificate": `
    acm: AddTagsToCertificate DeleteCertificate DescribeCertificate ListTagsForCertificate
    RemoveTagsFromCertificate RequestCertificate UpdateCertificateOptions
    route53: ChangeResourceRecordSets
  `,
  "AWS::CloudFront::CachePolicy":
    "cloudfront: CreateCachePolicy DeleteCachePolicy GetCachePolicy UpdateCachePolicy",
  "AWS::CloudFront::ConnectionGroup": `
    cloudfront: CreateConnectionGroup DeleteConnectionGroup GetConnectionGroup ListTagsForResource
    TagResource UntagResource UpdateConnectionGroup
  `,
  "AWS::CloudFront::Distribution": `
    cloudfront: CreateConnectionGroup CreateDistribution DeleteDistribution GetConnectionGroup
    GetDistribution GetDistributionConfig GetVpcOrigin ListTagsForResource TagResource UntagResource
    UpdateDistribution UpdateDistributionWithStagingConfig
  `,
  "AWS::CloudFront::DistributionTenant": `
    acm: DescribeCertificate RequestCertificate
    cloudfront: CreateDistributionTenant DeleteDistributionTenant GetDistributionTenant
    GetManagedCertificateDetails ListTagsForResource TagResource UntagResource UpdateDistributionTenant
    VerifyDnsConfiguration
    wafv2: GetWebACL
  `,
  "AWS::CloudFront::Function": `
    cloudfront: CreateFunction DeleteFunction DescribeFunction GetFunction ListTagsForResource
    PublishFunction TagResource UntagResource UpdateFunction
  `,
  "AWS::CloudFront::MonitoringSubscription":
    "cloudfront: CreateMonitoringSubscription DeleteMonitoringSubscription GetMonitoringSubscription",
  "AWS::CloudFront::OriginAccessControl": `
    cloudfront: CreateOriginAccessControl DeleteOriginAccessControl GetOriginAccessControl
    UpdateOriginAccessControl
  `,
  "AWS::CloudFront::OriginRequestPolicy": `
    cloudfront: CreateOriginRequestPolicy DeleteOriginRequestPolicy GetOriginRequestPolicy
    UpdateOriginRequestPolicy
  `,
  "AWS::CloudFront::ResponseHeadersPolicy": `
    cloudfront: CreateResponseHeadersPolicy DeleteResponseHeadersPolicy GetResponseHeadersPolicy
    UpdateResponseHeadersPolicy
  `,
  "AWS::Route53::DNSSEC": `
    kms: CreateGrant DescribeKey GetPublicKey Sign
    route53: DisableHostedZoneDNSSEC EnableHostedZoneDNSSEC GetDNSSEC
  `,
  "AWS::Route53::HealthCheck": `
    cloudwatch: DescribeAlarms
    route53: ChangeTagsForResource CreateHealthCheck DeleteHealthCheck GetHealthCheck
    ListTagsForResource UpdateHealthCheck
  `,
  "AWS::Route53::HostedZone": `
    ec2: DescribeVpcs
    route53: AssociateVPCWithHostedZone ChangeTagsForResource CreateHostedZone CreateQueryLoggingConfig
    DeleteHostedZone DeleteQueryLoggingConfig DisassociateVPCFromHostedZone GetChange GetHostedZone
    ListQueryLoggingConfigs ListTagsForResource UpdateHostedZoneComment UpdateHostedZoneFeatures
  `,
  "AWS::Route53::KeySigningKey": `
    kms: CreateGrant DescribeKey GetPublicKey Sign
    route53: ActivateKeySigningKey CreateKeySigningKey DeactivateKeySigningKey DeleteKeySigningKey
    GetDNSSEC
  `,
  "AWS::Route53::RecordSet":
    "route53: ChangeResourceRecordSets GetChange GetHostedZone ListHostedZones ListResourceRecordSets",
  "AWS::Route53::RecordSetGroup":
    "route53: ChangeResourceRecordSets GetChange GetHostedZone ListHostedZones ListResourceRecordSets",
  "AWS::Shield::Protection": `
    cloudfront: GetDistribution
    ec2: DescribeAddresses
    elasticloadbalancing: DescribeLoadBalancers
    iam: CreateServiceLinkedRole GetRole
    route53: GetHealthCheck GetHostedZone
    shield: AssociateHealthCheck CreateProtection DeleteProtection DescribeProtection
    DisableApplicationLayerAutomaticResponse DisassociateHealthCheck
    EnableApplicationLayerAutomaticResponse ListProtections ListTagsForResource TagResource
    UntagResource UpdateApplicationLayerAutomaticResponse
    wafv2: GetWebACL GetWebACLForResource
  `,
  "AWS::WAFv2::IPSet":
    "wafv2: CreateIPSet DeleteIPSet GetIPSet ListTagsForResource TagResource UntagResource UpdateIPSet",
  "AWS::WAFv2::LoggingConfiguration": `
    iam: CreateServiceLinkedRole
    logs: CreateLogDelivery DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies
    PutResourcePolicy
    s3: GetBucketPolicy PutBucketPolicy
    wafv2: DeleteLoggingConfiguration GetLoggingConfiguration PutLoggingConfiguration
  `,
  "AWS::WAFv2::WebACL": `
    wafv2: CreateWebACL DeleteWebACL GetWebACL ListTagsForResource TagResource UntagResource
    UpdateWebACL
  `,
  "AWS::WAFv2::WebACLAssociation": `
    elasticloadbalancing: CreateWebACLAssociation DeleteWebACLAssociation GetLoadBalancerWebACL
    SetWebAcl
    wafv2: AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource
  `,
};
