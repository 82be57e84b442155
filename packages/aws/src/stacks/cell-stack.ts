import type { App } from "aws-cdk-lib";
import { Cluster } from "../cluster/cluster.ts";
import { errors } from "../errors.ts";
import { HostCertificate } from "../load-balancer/host-certificate.ts";
import { Listeners } from "../load-balancer/listeners.ts";
import { LoadBalancer } from "../load-balancer/load-balancer.ts";
import { OriginSecret } from "../load-balancer/origin-header.ts";
import { sharedHosts } from "../load-balancer/tenant-hosts.ts";
import { hostedZoneIdOf } from "../network/hosted-zone.ts";
import { loadBalancerGroup } from "../network/network-flow.ts";
import { fargateServices } from "../service/fargate-services.ts";
import { PlatformStack } from "../stack/platform-stack.ts";
import type { Site } from "../stack/site.ts";

/** The cells of a region: those in which tenants are placed, and the first one where there is any service on Fargate. */
export function cellsOf({ platform, region }: Site): number[] {
  if (fargateServices(region.services).length === 0) return [];
  const placed = Object.values(platform.tenants).map(({ placement }) => placement.cell);
  return [...new Set([1, ...placed])].toSorted((a, b) => a - b);
}

/** A slice of a region that holds many tenants: a load balancer with its listener, and an ECS cluster. */
export function cellStack(app: App, site: Site, cell: number): PlatformStack {
  const { platform } = site;
  const stack = new PlatformStack(app, site, `cell-${cell}`, {
    description: `Cell ${cell} of ${platform.name} in ${platform.environment}: load balancer and ECS cluster.`,
  });
  addLoadBalancer(stack, site, cell);
  addCluster(stack, site, cell);
  return stack;
}

function addLoadBalancer(stack: PlatformStack, site: Site, cell: number): void {
  const { platform, region } = site;
  const { edge, routing } = platform;
  const behindCloudFront = edge.cloudFront !== null;
  const loadBalancer = new LoadBalancer(stack, "LoadBalancer", {
    name: `${platform.name}-${platform.environment}-cell-${cell}`,
    vpcId: stack.need("network/vpc-id"),
    subnets: stack.needList(`network/subnets/${loadBalancerGroup(region.network, routing.scheme)}`),
    scheme: routing.scheme,
    cidr: region.network.cidr,
    region: stack.region,
    listener: routing.listener,
    behindCloudFront,
    targetPorts: fargateServices(region.services)
      .filter(({ route }) => route !== null)
      .map(({ port }) => port),
    idleTimeoutSeconds: routing.idleTimeoutSeconds,
    accessLogs: { bucket: stack.need("audit/log-bucket"), prefix: `load-balancers/cell-${cell}` },
    deletionProtection: platform.dataProtection === "protected",
  });
  // One secret serves all cells of the region; who asks for it comes after every cell.
  if (behindCloudFront && cell === 1) {
    new OriginSecret(stack, "OriginSecret", {
      platform: platform.name,
      environment: platform.environment,
      region: stack.region,
      keyArn: stack.needKey("secrets"),
    });
  }
  const { listenerArn } = new Listeners(stack, "Listeners", {
    loadBalancerArn: loadBalancer.arn,
    certificateArn: routing.listener === "https" ? certificateOf(stack, site) : null,
    tlsMinimum: routing.tlsMinimum,
    redirectHttp: !behindCloudFront,
    unknownHost: routing.unknownHost,
  });
  stack.provide(`cells/${cell}/load-balancer-arn`, loadBalancer.arn);
  stack.provide(`cells/${cell}/load-balancer-full-name`, loadBalancer.fullName);
  stack.provide(`cells/${cell}/load-balancer-dns-name`, loadBalancer.dnsName);
  stack.provide(`cells/${cell}/load-balancer-hosted-zone-id`, loadBalancer.hostedZoneId);
  stack.provide(`cells/${cell}/load-balancer-security-group`, loadBalancer.securityGroup);
  stack.provide(`cells/${cell}/target-security-group`, loadBalancer.targetSecurityGroup);
  stack.provide(`cells/${cell}/listener-arn`, listenerArn);
  stack.output("LoadBalancerDnsName", loadBalancer.dnsName, "The name in DNS of the cell's load balancer.");
}

function certificateOf(stack: PlatformStack, { platform }: Site): string {
  const { domain, environment } = platform;
  if (domain === "localhost") throw errors.AWS_DOMAIN_LOCAL({ environment, domain });
  const certificate = new HostCertificate(stack, "Certificate", {
    hosts: sharedHosts(domain),
    hostedZoneId: hostedZoneIdOf(stack),
    listenerArn: null,
  });
  return certificate.arn;
}

function addCluster(stack: PlatformStack, { platform, region }: Site, cell: number): void {
  const name = `${platform.name}-${platform.environment}-cell-${cell}`;
  const asksDns = fargateServices(region.services).some(({ discovery }) => discovery === "cloud-map");
  const cluster = new Cluster(stack, "Cluster", {
    name,
    containerInsights: platform.observability.containerInsights,
    namespace: asksDns
      ? {
          name: `cell-${cell}.${platform.environment}.${platform.name}.internal`,
          dnsInVpc: stack.need("network/vpc-id"),
        }
      : { name, dnsInVpc: null },
  });
  stack.provide(`cells/${cell}/cluster-arn`, cluster.arn);
  stack.provide(`cells/${cell}/cluster-name`, cluster.clusterName);
  stack.provide(`cells/${cell}/namespace-arn`, cluster.namespaceArn);
  stack.output("ClusterName", cluster.clusterName, "The name of the cell's ECS cluster.");
}
