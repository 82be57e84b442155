import { CfnConnectionGroup, CfnDistribution } from "aws-cdk-lib/aws-cloudfront";
import { Construct } from "constructs";
import { acknowledgeRules, commonConfig, type DistributionProps } from "./distribution.ts";

export type TenantDomainsProps = Omit<DistributionProps, "hosts">;

/**
 * For domains of tenants' own: a multi-tenant distribution, with the same origin and rules as the platform's, and the connection group whose
 * address those domains point at. Each domain becomes an `AWS::CloudFront::DistributionTenant` of it with a certificate
 * of its own, so that tenants come and go without a change to the distribution; how old
 * their TLS may be, the distribution says.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-config-options.html
 */
export class TenantDomains extends Construct {
  readonly distributionId: string;
  readonly connectionGroupId: string;
  /** What a tenant's domain is a CNAME of. */
  readonly routingEndpoint: string;

  constructor(scope: Construct, id: string, props: TenantDomainsProps) {
    super(scope, id);
    // Price class, aliases and IPv6 are not set here: of a multi-tenant distribution AWS takes none of them.
    const distribution = new CfnDistribution(this, "Resource", {
      distributionConfig: {
        ...commonConfig(this, props),
        connectionMode: "tenant-only",
      },
    });
    acknowledgeRules(distribution, props.cloudFront);
    const group = new CfnConnectionGroup(this, "ConnectionGroup", {
      name: props.name,
      ipv6Enabled: true,
      enabled: true,
    });
    this.distributionId = distribution.ref;
    this.connectionGroupId = group.ref;
    this.routingEndpoint = group.attrRoutingEndpoint;
  }
}
