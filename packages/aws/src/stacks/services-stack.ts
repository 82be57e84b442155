import { assert } from "@tenantry/base";
import type { Platform, PlatformService } from "@tenantry/model";
import type { App } from "aws-cdk-lib";
import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { originHeaderOf } from "../load-balancer/origin-header.ts";
import { routeOrder } from "../load-balancer/route-order.ts";
import { sharedRulePriorities } from "../load-balancer/shared-rule-priorities.ts";
import { sharedHosts } from "../load-balancer/tenant-hosts.ts";
import { addFargateServices, fargateServices } from "../service/fargate-services.ts";
import type { FargateService } from "../service/fargate-service.ts";
import type { Discovery } from "../service/service-discovery.ts";
import type { ServicePlace } from "../service/service-place.ts";
import { pascal, PlatformStack } from "../stack/platform-stack.ts";
import type { Site } from "../stack/site.ts";
import { pooledStoreAccess } from "./store-access.ts";

/** The cell whose load balancer and cluster serve what tenants share. */
export const sharedCell = 1;

/** The services that at least one tier shares, or all where there are no tiers; null where there is none. */
export function servicesStack(app: App, site: Site): PlatformStack | null {
  const { platform, region } = site;
  const services = fargateServices(region.services).filter(({ name }) => isShared(platform, name));
  if (services.length === 0) return null;
  const stack = new PlatformStack(app, site, "services", {
    description: `The services that tenants share of ${platform.name} in ${platform.environment}.`,
  });
  const made = addFargateServices(sharedPlace(stack, site), services);
  for (const service of made.values()) provideService(stack, platform, service);
  return stack;
}

/** Whether tenants of some tier share a service; without tiers all do. */
function isShared({ tiers }: Platform, service: string): boolean {
  const all = Object.values(tiers);
  return all.length === 0 || all.some((tier) => tier.services[service] === "pool");
}

function sharedPlace(stack: PlatformStack, site: Site): ServicePlace {
  const { platform, region } = site;
  const { behind, front } = routeOrder(fargateServices(region.services), platform.tiers);
  const priorities = sharedRulePriorities(behind);
  return {
    stack,
    cell: (value) => stack.need(`cells/${sharedCell}/${value}`),
    serviceName: (name) => name,
    logGroup({ logs, name }) {
      assert(logs.group !== null, `the shared service ${name} has no log group`);
      return logs.group;
    },
    fill: (text) => text,
    ownName: (pattern) =>
      pattern === null || pattern.includes("{tenant}") || isTakenByPrimary(site, pattern) ? null : pattern,
    hosts: hostsOf(platform),
    originHeader: originHeaderOf(site),
    priority({ name, route }) {
      const index = front.indexOf(name);
      const priority = index === -1 ? priorities.get(route ?? "") : index + 1;
      assert(priority !== undefined, `the service ${name} has no place in the listener`);
      return priority;
    },
    access(name) {
      const store = region.stores[name];
      assert(store !== undefined, `there is no store ${name}`);
      return pooledStoreAccess(stack, store);
    },
    environment: {},
    discovery: (service) => sharedDiscovery(stack, service),
    clientGroups: () => [],
    // Callers that tenants have to themselves carry the client group of the service.
    callerGroup: () => null,
  };
}

/** Tenants' own domains arrive where no certificate is asked for, or by CloudFront, and nobody knows them all beforehand. */
function hostsOf({ domain, edge, routing }: Platform): readonly string[] | null {
  const takesOthers = routing.listener === "http" || edge.cloudFront?.customDomains === true;
  return takesOthers ? null : sharedHosts(domain);
}

/** IAM's names are the account's: where both regions would give a role the same name, the primary region's has it. */
export function isTakenByPrimary({ platform, role }: Site, name: string): boolean {
  if (role === "primary") return false;
  return Object.values(platform.services).some(
    ({ names }) => names.taskRole === name || names.executionRole === name,
  );
}

function sharedDiscovery(stack: PlatformStack, { discovery, name }: PlatformService): Discovery {
  if (discovery === "none") return { kind: "none" };
  const namespaceArn = stack.need(`cells/${sharedCell}/namespace-arn`);
  return discovery === "cloud-map"
    ? { kind: "cloud-map", namespaceArn, dnsName: name }
    : { kind: "service-connect", namespaceArn, isFound: true };
}

function provideService(stack: PlatformStack, platform: Platform, made: FargateService): void {
  const { service, targets } = made;
  const path = `services/${service.name}` as const;
  stack.provide(`${path}/name`, made.serviceName);
  stack.provide(`${path}/arn`, made.arn);
  stack.provide(`${path}/security-group`, made.securityGroup.groupId);
  stack.provide(`${path}/log-group`, made.logGroupName);
  if (targets !== null) stack.provide(`${path}/target-group-full-name`, targets.targetGroupFullName);
  if (targets !== null && targets.shift !== null) {
    stack.provide(`${path}/alternate-target-group-full-name`, targets.shift.alternateTargetGroupFullName);
  }
  if (isCalledByTenants(platform, service)) {
    stack.provide(`${path}/client-security-group`, addClientGroup(stack, made));
  }
}

/** Whether services that tenants have to themselves call a shared one. */
function isCalledByTenants({ tiers }: Platform, { allowFrom, name }: PlatformService): boolean {
  return Object.values(tiers).some(
    ({ services }) => services[name] === "pool" && allowFrom.some((caller) => services[caller] === "silo"),
  );
}

/** The group that tenants' callers carry: one rule for all of them, however many come. */
function addClientGroup(stack: PlatformStack, { securityGroup, service }: FargateService): string {
  const { name, port } = service;
  const group = new CfnSecurityGroup(stack, `${pascal(name)}Clients`, {
    vpcId: stack.need("network/vpc-id"),
    groupDescription: `Carried by clients of the service ${name}.`,
    securityGroupEgress: [
      {
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        destinationSecurityGroupId: securityGroup.groupId,
        description: `The service ${name}`,
      },
    ],
  });
  securityGroup.allow("clients", group.attrGroupId);
  return group.attrGroupId;
}
