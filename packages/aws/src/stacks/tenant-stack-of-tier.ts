import { assert } from "@tenantry/base";
import type { PlatformService, Tier } from "@tenantry/model";
import { type App, CfnResource } from "aws-cdk-lib";
import { CfnHttpNamespace } from "aws-cdk-lib/aws-servicediscovery";
import { AliasRecords, type RegionShare } from "../edge/alias-records.ts";
import { errors } from "../errors.ts";
import { HostCertificate } from "../load-balancer/host-certificate.ts";
import { originHeaderOf } from "../load-balancer/origin-header.ts";
import { requireRoutes, routeOrder } from "../load-balancer/route-order.ts";
import { hostsMax } from "../load-balancer/rule-conditions.ts";
import {
  isBelow,
  requireCertificates,
  requireRoomForHosts,
  tenantHostPatterns,
  uncoveredPatterns,
} from "../load-balancer/tenant-hosts.ts";
import { hostedZoneIdOf } from "../network/hosted-zone.ts";
import { addFargateServices, fargateServices } from "../service/fargate-services.ts";
import type { Discovery } from "../service/service-discovery.ts";
import type { ServicePlace } from "../service/service-place.ts";
import type { Site } from "../stack/site.ts";
import { TenantStack } from "../stack/tenant-stack.ts";
import { isTakenByPrimary, sharedCell } from "./services-stack.ts";
import type { StoreAccess } from "./store-access.ts";
import { tenantAlarms } from "./tenant-alarms.ts";
import { tenantStores } from "./tenant-stores.ts";

/**
 * The template of a tier's tenants: what each has to itself. Null where the tier shares everything. It depends on the tier, and on
 * no tenant.
 */
export function tenantStackOfTier(app: App, site: Site, tier: Tier): TenantStack | null {
  const { platform, region } = site;
  requireCertificates(platform, tier.name);
  const services = fargateServices(region.services).filter(({ name }) => tier.services[name] === "silo");
  const hasStores = Object.values(tier.stores).some((isolation) => isolation !== "pool");
  if (services.length === 0 && !hasStores) return null;
  requireReach(site, tier);
  requireRoutes(fargateServices(region.services), platform.tiers, tier);
  const stack = new TenantStack(app, site, tier);
  const stores = tenantStores(stack);
  tenantAlarms(stack, addFargateServices(tenantPlace(stack, services, stores), services));
  if (services.some(({ route }) => route !== null)) addHosts(stack);
  if (stack.node.findAll().some((construct) => CfnResource.isCfnResource(construct))) return stack;
  // A tenant's user of a shared database is copied to the recovery region by itself; CloudFormation takes no stack of nothing.
  app.node.tryRemoveChild(stack.node.id);
  return null;
}

/** Throws where a declared tenant of the tier could not be reached: too many hosts for a rule, or services that its hosts do not lead to. */
function requireReach(site: Site, tier: Tier): void {
  const { platform } = site;
  const routed = fargateServices(site.region.services).flatMap((service) =>
    service.route === null ? [] : [{ ...service, route: service.route }],
  );
  const own = routed.filter(({ name }) => tier.services[name] === "silo");
  if (own.length === 0) return;
  for (const { name, route } of own) {
    const limit = hostsMax({ route, originHeader: originHeaderOf(site) });
    requireRoomForHosts(platform, tier.name, name, limit);
  }
  const shared = routed.find(({ name }) => tier.services[name] === "pool");
  // With CloudFront no tenant may be in another cell at all, which the edge refuses.
  if (shared === undefined) return;
  for (const { id, placement, tier: name } of Object.values(platform.tenants)) {
    if (name !== tier.name || placement.cell === sharedCell) continue;
    throw errors.AWS_CELL_UNREACHABLE({ tenant: id, cell: placement.cell, service: shared.name });
  }
}

function tenantPlace(
  stack: TenantStack,
  services: readonly PlatformService[],
  stores: Readonly<Record<string, StoreAccess>>,
): ServicePlace {
  const { site, tier } = stack;
  const { region } = site;
  const { front, tenants } = routeOrder(fargateServices(region.services), site.platform.tiers);
  const called = new Map(fargateServices(region.services).map((service) => [service.name, service]));
  const isShared = (name: string) => called.has(name) && tier.services[name] === "pool";
  return {
    stack,
    cell: (value) => stack.needOfCell(value),
    // Neither an id nor a service has an underscore, so no two tenants and services give one name.
    serviceName: (name) => stack.fill(`{tenant}_${name}`),
    logGroup({ logs, name }) {
      assert(logs.tenantGroup !== null, `the service ${name} has no log group for tenants`);
      return stack.fill(logs.tenantGroup);
    },
    fill: (text) => stack.fill(text),
    ownName: (pattern) =>
      // Without the tenant's id in it the second tenant would find it taken.
      pattern?.includes("{tenant}") === true && !isTakenByPrimary(site, pattern) ? stack.fill(pattern) : null,
    // Only who has a route asks for them: a parameter that nothing uses would be a mistake.
    get hosts() {
      return stack.hosts();
    },
    originHeader: originHeaderOf(site),
    priority({ name }) {
      const index = tenants.indexOf(name);
      assert(index !== -1, `the service ${name} has no place in the listener`);
      // The first places are those of shared services that come before all tenants.
      return stack.priority(name, front.length + index, front.length + tenants.length);
    },
    access(name) {
      const access = stores[name];
      assert(access !== undefined, `nothing is known of the store ${name}`);
      return access;
    },
    environment: { TENANT_ID: stack.tenantId },
    discovery: tenantDiscovery(stack, services),
    clientGroups: ({ name }) =>
      [...called.values()]
        .filter((service) => isShared(service.name) && service.allowFrom.includes(name))
        .map((service) => stack.need(`services/${service.name}/client-security-group`)),
    callerGroup: (caller) => (isShared(caller) ? stack.need(`services/${caller}/security-group`) : null),
  };
}

/**
 * Names that a tenant's services have for one another are the tenant's: with Service Connect they stand in a namespace of its
 * own, which is made where one of them calls another. AWS gives a region 50 namespaces unless the quota is raised.
 */
function tenantDiscovery(
  stack: TenantStack,
  services: readonly PlatformService[],
): ServicePlace["discovery"] {
  const { platform } = stack.site;
  const isConnected = ({ discovery }: PlatformService) => discovery === "service-connect";
  const calls = (caller: PlatformService, called: PlatformService) => called.allowFrom.includes(caller.name);
  const relates = (service: PlatformService) =>
    services.some((other) => isConnected(other) && (calls(service, other) || calls(other, service)));
  const namespace = services.some((service) => isConnected(service) && relates(service))
    ? new CfnHttpNamespace(stack, "Namespace", {
        name: `${platform.name}-${platform.environment}-${stack.tenantId}`,
      })
    : null;
  const callsShared = (service: PlatformService) =>
    fargateServices(stack.site.region.services).some(
      (other) => isConnected(other) && stack.tier.services[other.name] === "pool" && calls(service, other),
    );
  return (service): Discovery => {
    if (service.discovery === "cloud-map") {
      const namespaceArn = stack.needOfCell("namespace-arn");
      // No id has two hyphens in a row.
      return { kind: "cloud-map", namespaceArn, dnsName: stack.fill(`${service.name}--{tenant}`) };
    }
    if (!isConnected(service)) return { kind: "none" };
    if (namespace !== null && relates(service)) {
      return { kind: "service-connect", namespaceArn: namespace.attrArn, isFound: true };
    }
    return callsShared(service)
      ? {
          kind: "service-connect",
          namespaceArn: stack.need(`cells/${sharedCell}/namespace-arn`),
          isFound: false,
        }
      : { kind: "none" };
  };
}

/** The tenant's names in DNS, its certificate where the cell's does not cover them, and where its people go. */
function addHosts(stack: TenantStack): void {
  const { platform } = stack.site;
  const { edge, routing } = platform;
  // Behind CloudFront the names lead to the distribution, which shows certificates and calls the load balancer by a name of its own.
  if (edge.cloudFront === null) {
    addRecords(stack);
    if (routing.listener === "https") addCertificate(stack);
  }
  const scheme = routing.listener === "https" || edge.cloudFront !== null ? "https" : "http";
  stack.output("Endpoint", `${scheme}://${stack.mainHost()}`, "Where the tenant's people go.");
}

function addCertificate(stack: TenantStack): void {
  const [first, ...others] = uncoveredPatterns(stack.site.platform).map((pattern) => stack.fill(pattern));
  if (first === undefined) return;
  new HostCertificate(stack, "Certificate", {
    hosts: [first, ...others],
    hostedZoneId: hostedZoneIdOf(stack),
    listenerArn: stack.needOfCell("listener-arn"),
  });
}

/**
 * The names lead to the tenant's own cell. The wildcard of the domain would not do where the tenant has a certificate: the record that
 * proves it stands below the tenant's name, and where something stands no wildcard answers (RFC 4592, 3.3.1).
 */
function addRecords(stack: TenantStack): void {
  const { domain } = stack.site.platform;
  for (const [index, pattern] of tenantHostPatterns(stack.site.platform).entries()) {
    if (!isBelow(pattern, domain)) continue;
    new AliasRecords(stack, `Host${index + 1}`, {
      hostedZoneId: hostedZoneIdOf(stack),
      hosts: [stack.fill(pattern)],
      target: {
        dnsName: stack.needOfCell("load-balancer-dns-name"),
        hostedZoneId: stack.needOfCell("load-balancer-hosted-zone-id"),
        ipv6: false,
        // A load balancer counts as unhealthy as soon as one of its target groups does, be it another tenant's.
        evaluateHealth: false,
      },
      share: shareOf(stack.site),
    });
  }
}

/** Where the recovery region serves as well, each region has its share; a switch of traffic changes the weights. */
function shareOf({ platform, region, role }: Site): RegionShare | null {
  const strategy = platform.recovery?.strategy;
  if (strategy !== "warm-standby" && strategy !== "active-active") return null;
  const { recoveryPercent } = platform.edge.dns;
  const weight = role === "recovery" ? recoveryPercent : 100 - recoveryPercent;
  return { region: region.region, weight: Math.round(weight), healthCheckId: null, condition: null };
}
