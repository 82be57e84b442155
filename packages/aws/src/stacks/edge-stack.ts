import type { Platform } from "@tenantry/model";
import { type App, CfnCondition, CfnParameter, Fn } from "aws-cdk-lib";
import { AliasRecords, cloudFrontHostedZoneId, type RegionShare } from "../edge/alias-records.ts";
import { Distribution, type DistributionProps } from "../edge/distribution.ts";
import { DistributionLogs } from "../edge/distribution-logs.ts";
import { edgeHosts, entryHost, regionHost } from "../edge/edge-hosts.ts";
import { probeOf, RegionHealth } from "../edge/region-health.ts";
import { ShieldProtection } from "../edge/shield-protection.ts";
import { TenantDomains } from "../edge/tenant-domains.ts";
import { WebAcl } from "../edge/web-acl.ts";
import { errors } from "../errors.ts";
import { HostCertificate } from "../load-balancer/host-certificate.ts";
import { originHeaderOf } from "../load-balancer/origin-header.ts";
import { hostedZoneArnOf, hostedZoneIdOf } from "../network/hosted-zone.ts";
import { shiftsTraffic } from "../service/deployment-configuration.ts";
import { shortName } from "../stack/short-name.ts";
import { pascal, PlatformStack } from "../stack/platform-stack.ts";
import { primarySite, recoverySite, type Site } from "../stack/site.ts";
import { cellsOf, hasCells } from "./cell-stack.ts";
import { sharedCell } from "./services-stack.ts";

/**
 * What stands between the internet and the load balancers: in each region that serves, an `edge` stack with the region's records, its health and
 * its web ACL; and, where CloudFront is used, `edge-global` in us-east-1, which is where AWS wants distributions' certificates and web ACLs.
 *
 * `edge-global` sends the secrets that the foundations of all regions make, and leads to their cells, so it comes after both.
 */
export function edgeStacks(app: App, platform: Platform): readonly PlatformStack[] {
  const sites = servingSites(platform);
  if (sites.length === 0) return [];
  requireOneCell(platform, sites);
  return [
    ...(platform.edge.cloudFront === null || platform.domain === "localhost"
      ? []
      : [globalStack(app, platform.edge.cloudFront, sites)]),
    ...sites.map((site) => regionalStack(app, site, sites)),
  ].filter((stack) => stack !== null);
}

/** The regions with load balancers. */
function servingSites(platform: Platform): readonly Site[] {
  const recovery = recoverySite(platform);
  return [primarySite(platform), ...(recovery === null ? [] : [recovery])].filter(hasCells);
}

/** Throws AWS_EDGE_CELLS where a host must lead to another cell than the first, and CloudFront knows only that. */
function requireOneCell({ edge, tiers }: Platform, sites: readonly Site[]): void {
  const hasOwnServices = Object.values(tiers).some((tier) => Object.values(tier.services).includes("silo"));
  const cells = Math.max(...sites.map((site) => cellsOf(site).length));
  if (edge.cloudFront !== null && hasOwnServices && cells > 1) throw errors.AWS_EDGE_CELLS({ cells });
}

/** Records, health and web ACL of one region; null where there would be nothing in it. */
function regionalStack(app: App, site: Site, sites: readonly Site[]): PlatformStack | null {
  const { platform } = site;
  const hasRecords = platform.domain !== "localhost";
  const hasWebAcl = platform.edge.waf?.attachTo === "load-balancer";
  if (!hasRecords && !hasWebAcl) return null;
  const stack = new PlatformStack(app, site, "edge", {
    description: `Records, health and web ACL of ${platform.name} in ${platform.environment}, in one region.`,
  });
  if (hasRecords) addRegionRecords(stack, sites.length > 1);
  if (hasWebAcl) addWebAcl(stack, "REGIONAL", stack.needKey("logs"), []);
  return stack;
}

function addRegionRecords(stack: PlatformStack, isOneOfTwo: boolean): void {
  const { platform, region } = stack.site;
  const { domain } = platform;
  const hostedZoneId = hostedZoneIdOf(stack);
  const target = {
    dnsName: stack.need(`cells/${sharedCell}/load-balancer-dns-name`),
    hostedZoneId: stack.need(`cells/${sharedCell}/load-balancer-hosted-zone-id`),
    ipv6: false,
    // A load balancer counts as unhealthy as soon as one of its target groups is empty, and half of those of a blue/green service are.
    evaluateHealth: false,
  };
  const host = regionHost(domain, region.region);
  stack.provide("edge/region-host", host);
  new AliasRecords(stack, "Region", {
    hostedZoneId,
    hosts: [host],
    target,
    share: null,
  });
  new AliasRecords(stack, "Entry", {
    hostedZoneId,
    hosts: platform.edge.cloudFront === null ? edgeHosts(platform) : [entryHost(domain)],
    target,
    share: isOneOfTwo ? shareOf(stack) : null,
  });
}

/**
 * The region's share of the users. Weights do all that is asked of DNS: with 100 and 0 Route 53 answers with the region that has 0 only
 * when the other one is unhealthy, which is failover; with others both serve; and traffic is switched by deploying the two stacks with other
 * weights.
 */
function shareOf(stack: PlatformStack): RegionShare {
  const { platform, region, role } = stack.site;
  const { failover, healthCheck, recoveryPercent } = platform.edge.dns;
  const percent = Math.round(role === "recovery" ? recoveryPercent : 100 - recoveryPercent);
  const weight = new CfnParameter(stack, "TrafficWeight", {
    type: "Number",
    default: percent,
    minValue: 0,
    maxValue: 255,
    description: "The region's share of the users, relative to the other region's; 0 for none.",
  });
  return {
    region: region.region,
    weight: weight.valueAsNumber,
    healthCheckId: healthCheck === null ? null : addHealth(stack, healthCheck),
    // Without failover a region with 0 must have no record, or Route 53 would fail over to it.
    condition: failover
      ? null
      : new CfnCondition(stack, "TakesTraffic", {
          expression: Fn.conditionNot(Fn.conditionEquals(weight.valueAsString, "0")),
        }),
  };
}

function addHealth(
  stack: PlatformStack,
  healthCheck: NonNullable<Platform["edge"]["dns"]["healthCheck"]>,
): string {
  const { platform, region } = stack.site;
  const name = `${nameOf(stack)}-${region.region}`;
  const tiers = Object.values(platform.tiers);
  // Only a shared service at the root answers at a host that is no tenant's.
  const everybodys = Object.values(region.services).find(
    (service) =>
      service.route === "/" &&
      (tiers.length === 0 || tiers.some(({ services }) => services[service.name] === "pool")),
  );
  const { healthCheckId } = new RegionHealth(stack, "Health", {
    region: region.region,
    name,
    failures: healthCheck.failures,
    probe: probeOf(
      { edge: platform.edge, routing: platform.routing, healthCheck },
      {
        host: regionHost(platform.domain, region.region),
        loadBalancerFullName: stack.need(`cells/${sharedCell}/load-balancer-full-name`),
        alarmName: `${name}-unanswered`,
      },
      everybodys === undefined
        ? null
        : () => [
            stack.need(`services/${everybodys.name}/target-group-full-name`),
            ...(shiftsTraffic(everybodys)
              ? [stack.need(`services/${everybodys.name}/alternate-target-group-full-name`)]
              : []),
          ],
    ),
  });
  stack.provide("edge/health-check-id", healthCheckId);
  return healthCheckId;
}

/** Null where the platform has none there. */
function addWebAcl(
  stack: PlatformStack,
  scope: "CLOUDFRONT" | "REGIONAL",
  keyArn: string | null,
  secretHeaders: readonly string[],
): string | null {
  const { platform } = stack.site;
  const { waf } = platform.edge;
  if (waf === null) return null;
  const acl = new WebAcl(stack, "WebAcl", {
    name: nameOf(stack),
    scope,
    waf,
    logs: { retentionDays: platform.observability.logs.retentionDays, keyArn },
    secretHeaders,
    dataProtection: platform.dataProtection,
  });
  stack.provide("edge/web-acl-arn", acl.arn);
  return acl.arn;
}

function globalStack(
  app: App,
  cloudFront: DistributionProps["cloudFront"],
  sites: readonly Site[],
): PlatformStack | null {
  const [site] = sites;
  if (site === undefined) return null;
  const { platform } = site;
  const stack = new PlatformStack(app, site, "edge-global", {
    description: `CloudFront before ${platform.name} in ${platform.environment}.`,
    region: "us-east-1",
  });
  const hosts = edgeHosts(platform);
  const hostedZoneId = hostedZoneIdOf(stack);
  const certificate = new HostCertificate(stack, "Certificate", { hosts, hostedZoneId, listenerArn: null });
  stack.provide("edge/certificate-arn", certificate.arn);
  for (const one of sites) addOriginOutput(stack, one.region.region);
  const headers = sites.flatMap((one) => originHeaderOf(one) ?? []);
  const webAclArn = platform.edge.waf?.attachTo === "cloudfront" ? addGlobalWebAcl(stack, headers) : null;
  const common = {
    name: nameOf(stack),
    cloudFront,
    origin: { host: entryHost(platform.domain), protocol: platform.routing.listener, headers },
    certificateArn: certificate.arn,
    webAclArn,
  };
  addDistribution(stack, { ...common, hosts }, hostedZoneId);
  if (cloudFront.customDomains) addTenantDomains(stack, { ...common, name: `${common.name}-tenants` });
  return stack;
}

/**
 * Where the distribution ends up, by region. The value also says that this stack comes after the region's cell, and so after its foundation, whose
 * secret it reads by a reference that nothing else shows.
 */
function addOriginOutput(stack: PlatformStack, region: string): void {
  const name = stack.parameterPath(`cells/${sharedCell}/load-balancer-dns-name`);
  const description = `The load balancer of ${region} in DNS.`;
  const parameter = stack.parameter(
    `LoadBalancer${pascal(region)}`,
    { type: "String", description },
    { kind: "stack-value", region, name },
  );
  stack.output(`Origin${pascal(region)}`, parameter.valueAsString, description);
}

function addGlobalWebAcl(
  stack: PlatformStack,
  headers: DistributionProps["origin"]["headers"],
): string | null {
  // The platform's keys are where its regions are.
  const keyArn = stack.region === stack.site.platform.region ? stack.needKey("logs") : null;
  const secretHeaders = headers.map(({ name }) => name);
  return addWebAcl(stack, "CLOUDFRONT", keyArn, secretHeaders);
}

function addDistribution(stack: PlatformStack, props: DistributionProps, hostedZoneId: string): void {
  const { platform } = stack.site;
  const distribution = new Distribution(stack, "Distribution", props);
  stack.provide("edge/distribution-id", distribution.id);
  stack.provide("edge/distribution-domain", distribution.domainName);
  stack.output("DistributionDomain", distribution.domainName, "The distribution's own name in DNS.");
  new DistributionLogs(stack, "Logs", {
    name: shortName(props.name, 60),
    distributionId: distribution.id,
    bucket: logBucketOf(stack),
  });
  new AliasRecords(stack, "Host", {
    hostedZoneId,
    hosts: props.hosts,
    target: {
      dnsName: distribution.domainName,
      hostedZoneId: cloudFrontHostedZoneId,
      ipv6: true,
      evaluateHealth: false,
    },
    share: null,
  });
  if (platform.edge.shield === "advanced") {
    const arn = `arn:${stack.partition}:cloudfront::${stack.account}:distribution/${distribution.id}`;
    new ShieldProtection(stack, "Shield", {
      name: props.name,
      resources: { Distribution: arn, HostedZone: hostedZoneArnOf(stack) },
    });
  }
}

function addTenantDomains(stack: PlatformStack, props: Omit<DistributionProps, "hosts">): void {
  const domains = new TenantDomains(stack, "TenantDomains", props);
  stack.provide("edge/tenant-distribution-id", domains.distributionId);
  stack.provide("edge/connection-group-id", domains.connectionGroupId);
  stack.provide("edge/routing-endpoint", domains.routingEndpoint);
  stack.output("RoutingEndpoint", domains.routingEndpoint, "What a tenant's own domain is a CNAME of.");
  new DistributionLogs(stack, "TenantDomainsLogs", {
    name: shortName(props.name, 60),
    distributionId: domains.distributionId,
    bucket: logBucketOf(stack),
  });
}

/**
 * The bucket for access logs of the primary region. Always by a value that the deployment reads, also where that region is this one: AWS's
 * validator takes the path of a parameter of Parameter Store for its value, and an ARN made with it for one that is written down.
 */
function logBucketOf(stack: PlatformStack): string {
  const known = stack.node.tryFindChild("LogBucket") as CfnParameter | undefined;
  const { region } = stack.site.platform;
  const name = stack.parameterPath("audit/log-bucket");
  const description = "The bucket for access logs of the primary region.";
  const parameter =
    known ??
    stack.parameter("LogBucket", { type: "String", description }, { kind: "stack-value", region, name });
  return parameter.valueAsString;
}

function nameOf({ area, site: { platform } }: PlatformStack): string {
  return `${platform.name}-${platform.environment}-${area}`;
}
