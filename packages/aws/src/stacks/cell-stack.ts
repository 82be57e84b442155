import type { App } from "aws-cdk-lib";
import { presenceOf } from "../alarms/site-alarms.ts";
import { Cluster } from "../cluster/cluster.ts";
import { errors } from "../errors.ts";
import { HostCertificate } from "../load-balancer/host-certificate.ts";
import { Listeners } from "../load-balancer/listeners.ts";
import { LoadBalancer, loadBalancerName } from "../load-balancer/load-balancer.ts";
import { sharedHosts } from "../load-balancer/tenant-hosts.ts";
import { hostedZoneIdOf } from "../network/hosted-zone.ts";
import { loadBalancerGroup } from "../network/network-flow.ts";
import { fargateServices } from "../service/fargate-services.ts";
import { CellStack } from "../stack/cell-stack.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import type { Site } from "../stack/site.ts";
import { sharedCell } from "./services-stack.ts";

/** The cells of a region: those in which tenants are placed, and the first one where there is any service on Fargate. */
export function cellsOf({ platform, region }: Site): number[] {
  if (fargateServices(region.services).length === 0) return [];
  const placed = Object.values(platform.tenants).map(({ placement }) => placement.cell);
  return [...new Set([sharedCell, ...placed])].toSorted((a, b) => a - b);
}

/** Whether there are cells in the region at all. */
export function hasCells(site: Site): boolean {
  return presenceOf({ site }).services && fargateServices(site.region.services).length > 0;
}

/** A slice of a region that holds many tenants: a load balancer with its listener, and an ECS cluster. */
export function cellStack(app: App, site: Site): CellStack {
  const { platform } = site;
  const stack = new CellStack(app, site, "cell", {
    description: `A cell of ${platform.name} in ${platform.environment}: load balancer and ECS cluster.`,
  });
  addLoadBalancer(stack, site);
  addCluster(stack, site);
  return stack;
}

/** Cut to AWS's length it may end in a digest, which only synthesis makes. Whether AWS allows it follows from how it begins. */
function nameOfLoadBalancer(stack: CellStack, { platform }: Site): string | null {
  const nameOf = (cell: number) => loadBalancerName(`${platform.name}-${platform.environment}-cell-${cell}`);
  if (nameOf(sharedCell) === null) return null;
  return stack.text(
    "LoadBalancerName",
    "The name of the cell's load balancer.",
    (cell) => nameOf(cell) ?? "",
  );
}

function addLoadBalancer(stack: CellStack, site: Site): void {
  const { platform, region } = site;
  const { edge, routing } = platform;
  const behindCloudFront = edge.cloudFront !== null;
  const loadBalancer = new LoadBalancer(stack, "LoadBalancer", {
    name: nameOfLoadBalancer(stack, site),
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
    accessLogs: { bucket: stack.need("audit/log-bucket"), prefix: stack.fill("load-balancers/cell-{cell}") },
    deletionProtection: platform.dataProtection === "protected",
  });
  const { listenerArn } = new Listeners(stack, "Listeners", {
    loadBalancerArn: loadBalancer.arn,
    certificateArn: routing.listener === "https" ? certificateOf(stack, site) : null,
    tlsMinimum: routing.tlsMinimum,
    redirectHttp: !behindCloudFront,
    unknownHost: routing.unknownHost,
  });
  stack.provideOfCell("load-balancer-arn", loadBalancer.arn);
  stack.provideOfCell("load-balancer-full-name", loadBalancer.fullName);
  stack.provideOfCell("load-balancer-dns-name", loadBalancer.dnsName);
  stack.provideOfCell("load-balancer-hosted-zone-id", loadBalancer.hostedZoneId);
  stack.provideOfCell("load-balancer-security-group", loadBalancer.securityGroup);
  stack.provideOfCell("target-security-group", loadBalancer.targetSecurityGroup);
  stack.provideOfCell("listener-arn", listenerArn);
  stack.output("AlbDnsName", loadBalancer.dnsName, "The name in DNS of the cell's load balancer.");
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

function addCluster(stack: CellStack, { platform, region }: Site): void {
  const name = stack.fill(`${platform.name}-${platform.environment}-cell-{cell}`);
  const asksDns = fargateServices(region.services).some(({ discovery }) => discovery === "cloud-map");
  const cluster = new Cluster(stack, "Cluster", {
    name,
    containerInsights: platform.observability.containerInsights,
    namespace: asksDns
      ? {
          name: stack.fill(`cell-{cell}.${platform.environment}.${platform.name}.internal`),
          dnsInVpc: stack.need("network/vpc-id"),
        }
      : { name, dnsInVpc: null },
  });
  stack.provideOfCell("cluster-arn", cluster.arn);
  stack.provideOfCell("cluster-name", cluster.clusterName);
  stack.provideOfCell("namespace-arn", cluster.namespaceArn);
  stack.output("ClusterName", cluster.clusterName, "The name of the cell's ECS cluster.");
}
