import type { Mutant } from "./mutant.ts";
import {
  collector,
  silos,
  starter,
  withSilos,
  edge,
  encrypted,
  shared,
  everywhere,
  change,
  ofTenant,
  ofCell,
  ofEdge,
  insert,
  tenantId,
  hostOf,
  type Properties,
} from "./routing-edits.ts";

const { add, mutants } = collector();

// Names within the platform.
const namespace = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1";
const found = (name: unknown) => ({
  Enabled: true,
  Namespace: namespace,
  Services: [{ PortName: "main", DiscoveryName: name, ClientAliases: [{ DnsName: name, Port: 80 }] }],
});
add(
  "one name for the services of all tenants",
  "discovery-names-apart",
  withSilos,
  ofTenant("AppService", (it) => {
    it["ServiceConnectConfiguration"] = found("app");
  }),
);
add("a name that two ids make", "discovery-names-apart", withSilos, (files) =>
  insert("tenant-silo", "Second", "AWS::ServiceDiscovery::Service", {
    Name: hostOf("x-", tenantId),
    NamespaceId: "ns-1",
  })(
    ofTenant("AppService", (it) => {
      it["ServiceConnectConfiguration"] = found(tenantId);
    })(files),
  ),
);
add("the name of a shared service", "discovery-names-apart", shared, (files) =>
  ofTenant("AppService", (it) => {
    it["ServiceConnectConfiguration"] = found(tenantId);
  })(
    change("services", "AppService", (it) => {
      it["ServiceConnectConfiguration"] = found("acme");
    })(files),
  ),
);

add(
  "tasks in another's registry",
  "discovery-names-apart",
  withSilos,
  ofTenant("AppService", (it) => {
    it["ServiceRegistries"] = [
      { RegistryArn: "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1" },
    ];
  }),
);

// Load balancers.
add(
  "old TLS",
  "listeners-encrypt",
  encrypted,
  ofCell("ListenersHttps", (it) => {
    it["SslPolicy"] = "ELBSecurityPolicy-2016-08";
  }),
);
add(
  "a policy of AWS's choice",
  "listeners-encrypt",
  encrypted,
  ofCell("ListenersHttps", (it) => {
    delete it["SslPolicy"];
  }),
);
add(
  "HTTP that answers",
  "listeners-encrypt",
  [...silos, ...starter],
  ofCell("ListenersRedirect", (it) => {
    it["DefaultActions"] = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }];
  }),
);
add(
  "ambiguous requests let through",
  "load-balancers-refuse-smuggling",
  everywhere,
  ofCell("LoadBalancer", (it) => {
    it["LoadBalancerAttributes"].find((one: Properties) => one["Key"].includes("desync"))["Value"] =
      "monitor";
  }),
);
add(
  "invalid header fields let through",
  "load-balancers-refuse-smuggling",
  everywhere,
  ofCell("LoadBalancer", (it) => {
    it["LoadBalancerAttributes"] = it["LoadBalancerAttributes"].filter(
      (one: Properties) => !one["Key"].includes("invalid"),
    );
  }),
);

// Names and certificates.
add(
  "a record for every host",
  "records-lead-to-own-cell",
  silos,
  ofTenant("Host1A", (it) => {
    it["Name"] = "*.example.com";
  }),
);
add(
  "a record of a tenant that leads away",
  "records-lead-to-own-cell",
  withSilos,
  ofTenant("Host1A", (it) => {
    it["AliasTarget"]["DNSName"] = "attacker.us-east-1.elb.amazonaws.com";
  }),
);
add(
  "a record in a set of a tenant that leads away",
  "records-lead-to-own-cell",
  silos,
  insert("tenant-silo", "More", "AWS::Route53::RecordSetGroup", {
    RecordSets: [
      {
        Name: hostOf(tenantId, ".example.com"),
        Type: "CNAME",
        ResourceRecords: ["gone.example.net."],
        TTL: "60",
      },
    ],
  }),
);
add(
  "mail of a tenant's host",
  "records-lead-to-own-cell",
  silos,
  ofTenant("Host1A", (it) => {
    it["Type"] = "MX";
  }),
);
add(
  "a record of the platform that leads away",
  "records-lead-to-the-platform",
  everywhere,
  change("edge", "RegionA", (it) => {
    it["AliasTarget"]["DNSName"] = "gone.us-east-1.elb.amazonaws.com";
  }),
);
add(
  "a record outside of the domain",
  "records-lead-to-the-platform",
  everywhere,
  change("edge", "RegionA", (it) => {
    it["Name"] = "origin.example.net";
  }),
);
add(
  "a certificate for all tenants' hosts",
  "certificates-cover-own-hosts",
  silos,
  ofTenant("Certificate", (it) => {
    it["SubjectAlternativeNames"] = ["*.example.com"];
  }),
);
add(
  "another's certificate on the listener",
  "certificates-cover-own-hosts",
  silos,
  ofTenant("CertificateOnListener", (it) => {
    it["Certificates"].push({ CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" });
  }),
);
add(
  "a certificate of another domain",
  "certificates-cover-own-hosts",
  encrypted,
  ofCell("Certificate", (it) => {
    it["SubjectAlternativeNames"].push("*.com");
  }),
);

add(
  "a longer wildcard of the platform's below a tenant's host",
  "platform-hosts-apart",
  silos,
  change("edge", "RegionA", (it) => {
    it["Name"] = "*.acme-corp.example.com";
  }),
);
add(
  "an alias of the platform's for a tenant's host",
  "platform-hosts-apart",
  starter,
  insert("edge", "Other", "AWS::CloudFront::Distribution", {
    DistributionConfig: { Aliases: ["globex-inc.starter.example.com"] },
  }),
);

// The edge.
add(
  "a distribution in a tenant's stack",
  "edge-leads-to-the-platform",
  withSilos,
  insert("tenant-silo", "Front", "AWS::CloudFront::Distribution", {
    DistributionConfig: {
      Enabled: true,
      Aliases: ["www.example.com"],
      Origins: [
        {
          Id: "o",
          DomainName: { Ref: "CellLoadBalancerDnsName" },
          CustomOriginConfig: { OriginProtocolPolicy: "https-only" },
        },
      ],
      DefaultCacheBehavior: {
        TargetOriginId: "o",
        ViewerProtocolPolicy: "https-only",
        CachePolicyId: "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
      },
      ViewerCertificate: { MinimumProtocolVersion: "TLSv1.2_2021" },
    },
  }),
);
const cacheKey = (it: Properties): Properties =>
  it["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"];
const behaviorOf = (it: Properties): Properties => it["DistributionConfig"]["DefaultCacheBehavior"];
add(
  "answers kept without their host",
  "edge-caches-by-host",
  edge,
  ofEdge("DistributionCachePolicy", (it) => {
    cacheKey(it)["HeadersConfig"]["Headers"] = ["Authorization"];
  }),
);
add(
  "answers kept by no header",
  "edge-caches-by-host",
  edge,
  ofEdge("DistributionCachePolicy", (it) => {
    cacheKey(it)["HeadersConfig"] = { HeaderBehavior: "none" };
  }),
);
add(
  "a managed policy that keeps all",
  "edge-caches-by-host",
  edge,
  ofEdge("Distribution", (it) => {
    behaviorOf(it)["CachePolicyId"] = "658327ea-f89d-4fab-a63d-7e88639e58f6";
  }),
);
add(
  "a behavior for files without the host",
  "edge-caches-by-host",
  edge,
  ofEdge("Distribution", (it) => {
    it["DistributionConfig"]["CacheBehaviors"] = [
      { ...behaviorOf(it), PathPattern: "/files/*", CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6" },
    ];
  }),
);
add(
  "the old way, without the host",
  "edge-caches-by-host",
  edge,
  ofEdge("Distribution", (it) => {
    const behavior = behaviorOf(it);
    delete behavior["CachePolicyId"];
    behavior["ForwardedValues"] = {
      QueryString: true,
      Headers: ["Authorization"],
      Cookies: { Forward: "all" },
    };
  }),
);
add(
  "nothing kept, and the host not sent on",
  "edge-caches-by-host",
  edge,
  ofEdge("Distribution", (it) => {
    behaviorOf(it)["CachePolicyId"] = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
    behaviorOf(it)["OriginRequestPolicyId"] = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
  }),
);
add(
  "answers kept without credentials",
  "edge-caches-by-credentials",
  edge,
  ofEdge("DistributionCachePolicy", (it) => {
    cacheKey(it)["HeadersConfig"]["Headers"] = ["Host"];
  }),
);
add(
  "answers kept without cookies",
  "edge-caches-by-credentials",
  edge,
  ofEdge("DistributionCachePolicy", (it) => {
    cacheKey(it)["CookiesConfig"] = { CookieBehavior: "none" };
  }),
);
add(
  "a foreign origin",
  "edge-leads-to-the-platform",
  edge,
  ofEdge("Distribution", (it) => {
    it["DistributionConfig"]["Origins"][0]["DomainName"] = "origin.example.net";
  }),
);
add(
  "a foreign bucket as a second origin",
  "edge-leads-to-the-platform",
  edge,
  ofEdge("Distribution", (it) => {
    it["DistributionConfig"]["Origins"].push({
      Id: "more",
      DomainName: "attacker.s3.us-east-1.amazonaws.com",
      S3OriginConfig: {},
    });
  }),
);
add(
  "an origin in the clear",
  "edge-leads-to-the-platform",
  edge,
  ofEdge("Distribution", (it) => {
    it["DistributionConfig"]["Origins"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] = "http-only";
  }),
);
add(
  "viewers in the clear",
  "edge-leads-to-the-platform",
  edge,
  ofEdge("Distribution", (it) => {
    behaviorOf(it)["ViewerProtocolPolicy"] = "allow-all";
  }),
);
add(
  "old TLS for viewers",
  "edge-leads-to-the-platform",
  edge,
  ofEdge("Distribution", (it) => {
    it["DistributionConfig"]["ViewerCertificate"]["MinimumProtocolVersion"] = "TLSv1";
  }),
);
add(
  "a foreign alias",
  "edge-leads-to-the-platform",
  edge,
  ofEdge("Distribution", (it) => {
    it["DistributionConfig"]["Aliases"].push("www.example.net");
  }),
);
add(
  "a rule without the secret header",
  "load-balancers-answer-the-edge-only",
  edge,
  change("services", "ApiServiceTargetsRule", (it) => {
    it["Conditions"].shift();
  }),
);
add(
  "a secret header that is none",
  "load-balancers-answer-the-edge-only",
  edge,
  change("services", "ApiServiceTargetsRule", (it) => {
    it["Conditions"][0]["HttpHeaderConfig"]["Values"].push("*");
  }),
);
add(
  "another header than the distribution's",
  "load-balancers-answer-the-edge-only",
  edge,
  change("services", "WebServiceTargetsRule", (it) => {
    it["Conditions"][0]["HttpHeaderConfig"]["HttpHeaderName"] = "x-forwarded-for";
  }),
);

export const routingEdgeMutants: readonly Mutant[] = mutants;
