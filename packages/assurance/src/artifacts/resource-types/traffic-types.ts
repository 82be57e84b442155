import { everywhere, inRegion, type ResourceType } from "./resource-type.ts";

const wafv2 = (kind: string): ResourceType => ({
  named: "Name",
  generated: "name",
  arn: inRegion("wafv2", `{scope}/${kind}/{name}/{mark}`),
  ref: "{name}|{mark}|{Scope}",
  attributes: { Id: "{mark}" },
});

export const trafficTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::ElasticLoadBalancingV2::LoadBalancer": {
    named: "Name",
    generated: "name",
    arn: inRegion("elasticloadbalancing", "loadbalancer/{balancer}/{name}/{mark}"),
    ref: "{arn}",
    attributes: {
      LoadBalancerArn: "{arn}",
      LoadBalancerName: "{name}",
      LoadBalancerFullName: "{balancer}/{name}/{mark}",
    },
  },
  "AWS::ElasticLoadBalancingV2::Listener": {
    arn: "{listener}",
    ref: "{arn}",
    attributes: { ListenerArn: "{arn}" },
  },
  "AWS::ElasticLoadBalancingV2::ListenerRule": {
    arn: "{rule}",
    ref: "{arn}",
    attributes: { RuleArn: "{arn}" },
  },
  "AWS::ElasticLoadBalancingV2::TargetGroup": {
    named: "Name",
    generated: "name",
    arn: inRegion("elasticloadbalancing", "targetgroup/{name}/{mark}"),
    ref: "{arn}",
    attributes: {
      TargetGroupArn: "{arn}",
      TargetGroupName: "{name}",
      TargetGroupFullName: "targetgroup/{name}/{mark}",
    },
  },
  "AWS::CloudFront::Distribution": {
    arn: everywhere("cloudfront", "distribution/{name}"),
    attributes: { Id: "{name}", DomainName: "{attribute}.cloudfront.net" },
  },
  "AWS::CloudFront::CachePolicy": { attributes: { Id: "{name}" } },
  "AWS::CloudFront::OriginRequestPolicy": { attributes: { Id: "{name}" } },
  "AWS::CloudFront::ResponseHeadersPolicy": { attributes: { Id: "{name}" } },
  "AWS::CloudFront::OriginAccessControl": { attributes: { Id: "{name}" } },
  "AWS::CloudFront::Function": {
    named: "Name",
    arn: everywhere("cloudfront", "function/{name}"),
    ref: "{arn}",
    attributes: { FunctionARN: "{arn}" },
  },
  "AWS::WAFv2::WebACL": wafv2("webacl"),
  "AWS::WAFv2::IPSet": wafv2("ipset"),
  "AWS::WAFv2::RuleGroup": wafv2("rulegroup"),
  "AWS::Route53::HostedZone": { arn: "arn:aws:route53:::hostedzone/{name}", attributes: { Id: "{name}" } },
  "AWS::Route53::HealthCheck": {
    arn: "arn:aws:route53:::healthcheck/{name}",
    attributes: { HealthCheckId: "{name}" },
  },
  "AWS::Route53::RecordSet": { named: "Name" },
  "AWS::ServiceDiscovery::HttpNamespace": {
    arn: inRegion("servicediscovery", "namespace/{name}"),
    attributes: { Id: "{name}" },
  },
  "AWS::ServiceDiscovery::PrivateDnsNamespace": {
    arn: inRegion("servicediscovery", "namespace/{name}"),
    attributes: { Id: "{name}" },
  },
  "AWS::ServiceDiscovery::Service": {
    arn: inRegion("servicediscovery", "service/{name}"),
    attributes: { Id: "{name}" },
  },
  "AWS::ARCRegionSwitch::Plan": {
    named: "Name",
    arn: everywhere("arc-region-switch", "plan/{name}:{mark}"),
    ref: "{arn}",
  },
};
