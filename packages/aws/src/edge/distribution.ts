import type { Platform } from "@tenantry/model";
import { CfnCachePolicy, CfnDistribution, CfnResponseHeadersPolicy } from "aws-cdk-lib/aws-cloudfront";
import { Construct } from "constructs";
import { acknowledge } from "../stack/acknowledge.ts";

export interface DistributionProps {
  /** Name for people, and of the policies; unique in the account. */
  readonly name: string;
  /** The hosts that it answers for; the certificate holds for each. */
  readonly hosts: readonly string[];
  readonly cloudFront: NonNullable<Platform["edge"]["cloudFront"]>;
  readonly origin: {
    /** Found in DNS, which leads it to the region that serves. */
    readonly host: string;
    readonly protocol: "https" | "http";
    /** Headers by which the load balancers know the distribution. */
    readonly headers: readonly { readonly name: string; readonly value: string }[];
  };
  /** ARN of an ACM certificate in us-east-1. */
  readonly certificateArn: string;
  /** ARN of a web ACL in us-east-1; null for none. */
  readonly webAclArn: string | null;
}

/** Sends the viewer's headers (Host among them), cookies and query on: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const allViewerPolicyId = "216adef6-5c7f-47e4-b989-5492eafa07d3";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html */
const securityPolicies = { "1.2": "TLSv1.2_2021", "1.3": "TLSv1.3_2025" } as const;
const priceClasses = { "100": "PriceClass_100", "200": "PriceClass_200", all: "PriceClass_All" } as const;

const allMethods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];
const yearSeconds = 31_536_000;

/**
 * A CloudFront distribution before the load balancers of a platform. It belongs into us-east-1.
 *
 * It has one origin, whose name DNS leads to the region that serves. A group of origins would fail over by itself, but
 * CloudFront takes none where a behavior lets POST, PUT, PATCH or DELETE through
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html), and an API needs those.
 */
export class Distribution extends Construct {
  readonly id: string;
  readonly domainName: string;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const { cloudFront } = props;
    const distribution = new CfnDistribution(this, "Resource", {
      distributionConfig: {
        ...commonConfig(this, props),
        aliases: [...props.hosts],
        ipv6Enabled: true,
        priceClass: priceClasses[cloudFront.priceClass],
      },
    });
    acknowledgeRules(distribution, cloudFront);
    this.id = distribution.ref;
    this.domainName = distribution.attrDomainName;
  }
}

export function acknowledgeRules(
  distribution: CfnDistribution,
  { geoRestriction: countries }: DistributionProps["cloudFront"],
): void {
  if (countries === null) {
    acknowledge(distribution, "AwsSolutions-CFR1", "The environment keeps no country out.");
  }
  acknowledge(
    distribution,
    "AwsSolutions-CFR3",
    "Standard logging, version 2, is a delivery beside the distribution; the rule knows version 1 only.",
  );
}

/** What distributions for the platform's own hosts and for domains of tenants' own have in common. */
export function commonConfig(
  scope: Construct,
  props: Omit<DistributionProps, "hosts">,
): Pick<
  CfnDistribution.DistributionConfigProperty,
  | "defaultCacheBehavior"
  | "enabled"
  | "comment"
  | "httpVersion"
  | "origins"
  | "restrictions"
  | "viewerCertificate"
  | "webAclId"
> {
  const { cloudFront, origin } = props;
  return {
    enabled: true,
    comment: props.name,
    httpVersion: "http2and3",
    origins: [
      {
        id: "platform",
        domainName: origin.host,
        customOriginConfig: {
          originProtocolPolicy: origin.protocol === "https" ? "https-only" : "http-only",
          originSslProtocols: ["TLSv1.2"],
          // Above the load balancer's idle timeout a connection would be found closed.
          originKeepaliveTimeout: 30,
          originReadTimeout: 60,
        },
        originCustomHeaders: origin.headers.map(({ name, value }) => ({
          headerName: name,
          headerValue: value,
        })),
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: "platform",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: allMethods,
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: cachePolicy(scope, props.name, cloudFront.compress).ref,
      originRequestPolicyId: allViewerPolicyId,
      responseHeadersPolicyId: headersPolicy(scope, props.name).ref,
      compress: cloudFront.compress,
    },
    restrictions: { geoRestriction: geoRestriction(cloudFront.geoRestriction) },
    viewerCertificate: {
      acmCertificateArn: props.certificateArn,
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: securityPolicies[cloudFront.tlsMinimum],
    },
    ...(props.webAclArn === null ? {} : { webAclId: props.webAclArn }),
  };
}

/**
 * Caches what the origin allows to be cached, and nothing else. Host, cookies, credentials and query are part of the key, so
 * that an answer for one tenant or one person is never given to another.
 */
function cachePolicy(scope: Construct, name: string, compress: boolean): CfnCachePolicy {
  return new CfnCachePolicy(scope, "CachePolicy", {
    cachePolicyConfig: {
      name: `${name}-cache`,
      comment: "As the origin says; by host, cookies, credentials and query.",
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: yearSeconds,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "all" },
        headersConfig: { headerBehavior: "whitelist", headers: ["Authorization", "Host"] },
        queryStringsConfig: { queryStringBehavior: "all" },
        enableAcceptEncodingBrotli: compress,
        enableAcceptEncodingGzip: compress,
      },
    },
  });
}

function headersPolicy(scope: Construct, name: string): CfnResponseHeadersPolicy {
  return new CfnResponseHeadersPolicy(scope, "HeadersPolicy", {
    responseHeadersPolicyConfig: {
      name: `${name}-headers`,
      comment: "Security headers; what the origin sends itself stays, except for HSTS.",
      securityHeadersConfig: {
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "SAMEORIGIN", override: false },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
        strictTransportSecurity: {
          accessControlMaxAgeSec: yearSeconds,
          includeSubdomains: true,
          preload: false,
          override: true,
        },
      },
    },
  });
}

function geoRestriction(
  restriction: DistributionProps["cloudFront"]["geoRestriction"],
): CfnDistribution.GeoRestrictionProperty {
  return restriction === null
    ? { restrictionType: "none" }
    : {
        restrictionType: restriction.mode === "allow" ? "whitelist" : "blacklist",
        locations: [...restriction.countries],
      };
}
