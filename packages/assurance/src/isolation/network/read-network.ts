import type { Platform } from "@tenantry/model";
import { unknownIn } from "../../artifacts/mark.ts";
import type { Resource, Shipment, ShippedStack } from "../../artifacts/shipment.ts";
import type { Lookup } from "./interface-draft.ts";
import type {
  AddressRange,
  Endpoint,
  GroupRule,
  Interface,
  Fault,
  Gap,
  SecurityGroup,
  Subnet,
  Topology,
  Vpc,
} from "./network-model.ts";
import { idsOf, type Notes, property } from "./property-values.ts";
import { defaultGroup, readGroup, readPrefixList, readSeparateRule } from "./read-groups.ts";
import { hasInterfaces, readInterfaces } from "./read-interfaces.ts";
import {
  readAcls,
  readPeerings,
  readRouteTables,
  readSubnets,
  readVpcs,
  topologyTypes,
} from "./read-topology.ts";

/** Everything that the rules of this theme look at. */
export interface NetworkModel extends Topology {
  readonly definition: Platform;
  readonly interfaces: readonly Interface[];
  readonly endpoints: readonly Endpoint[];
  /** What is recorded of each VPC ("ALL", "ACCEPT", "REJECT"), by its id. */
  readonly flowLogs: ReadonlyMap<string, readonly string[]>;
  readonly gaps: readonly Gap[];
  readonly faults: readonly Fault[];
  /** The account of the shipment. */
  readonly account: string;
}

/** Reads a shipment once: the shared stacks, those of each tenant, and those of any two tenants of every tier. */
export function readNetwork(shipment: Shipment): NetworkModel {
  const reading = new Reading(shipment);
  for (const stack of allTenantStacks(shipment)) reading.read(stack.resources());
  return reading.finish();
}

/** The names of any two tenants of a tier; those of another tier are others. */
const anyTenantNames = (tier: string): readonly string[] => [`${tier}-a`, `${tier}-b`];

function* allTenantStacks({ tenants, tiers }: Shipment): Iterable<ShippedStack> {
  for (const { stacks } of tenants.values()) yield* stacks;
  for (const { tier, anyTenant } of tiers) {
    for (const name of anyTenantNames(tier)) yield anyTenant(name);
  }
}

const groupRuleTypes = new Set(["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"]);
const groupTypes = new Set(["AWS::EC2::SecurityGroup", ...groupRuleTypes]);

/** Collects what the resources of one stack after the other say, so that those of ten thousand need not be kept. */
class Reading {
  readonly #shipment: Shipment;
  readonly #notes: Notes = { gaps: [], faults: [] };
  readonly #shared: ResourceIndex;
  readonly #prefixLists = new Map<string, readonly AddressRange[]>();
  readonly #topology: Resource[] = [];
  readonly #groups = new Map<string, SecurityGroup>();
  readonly #groupRules: { readonly group: string; readonly rules: readonly GroupRule[] }[] = [];
  readonly #interfaces: Interface[] = [];
  readonly #endpoints: Endpoint[] = [];
  readonly #flowLogs: Resource[] = [];

  constructor(shipment: Shipment) {
    this.#shipment = shipment;
    const resources = shipment.shared.flatMap((stack) => stack.resources());
    this.#shared = new ResourceIndex(resources);
    this.#readAll(resources, this.#shared);
  }

  read(resources: readonly Resource[]): void {
    this.#readAll(resources, new ResourceIndex(resources));
  }

  #readAll(resources: readonly Resource[], own: ResourceIndex): void {
    for (const resource of own.ofType("AWS::EC2::PrefixList")) {
      this.#prefixLists.set(resource.physicalId, readPrefixList(resource, this.#notes));
    }
    const context = {
      definition: this.#shipment.definition,
      lookup: lookupIn(own, this.#shared),
      notes: this.#notes,
    };
    for (const resource of resources) {
      this.#readResource(resource);
      this.#interfaces.push(...readInterfaces(resource, context));
    }
  }

  #readResource(resource: Resource): void {
    const { type } = resource;
    this.#noteUnknown(resource);
    if (topologyTypes.has(type)) this.#topology.push(resource);
    else if (type === "AWS::EC2::SecurityGroup") {
      const group = readGroup(resource, this.#prefixLists, this.#notes);
      this.#groups.set(group.id, group);
    } else if (groupRuleTypes.has(type)) {
      const rule = readSeparateRule(resource, this.#prefixLists, this.#notes);
      if (rule !== null) this.#groupRules.push(rule);
    } else if (type === "AWS::EC2::VPCEndpoint") this.#endpoints.push(endpointOf(resource));
    else if (type === "AWS::EC2::FlowLog") this.#flowLogs.push(resource);
  }

  /** A value that could not be resolved may be any, in whatever property it stands. */
  #noteUnknown({ key, type, properties }: Resource): void {
    const isOfNetwork =
      topologyTypes.has(type) ||
      groupTypes.has(type) ||
      hasInterfaces(type) ||
      type === "AWS::EC2::PrefixList";
    if (!isOfNetwork) return;
    const why = unknownIn(JSON.stringify(properties));
    if (why !== undefined) this.#notes.gaps.push({ subject: key, missing: why });
  }

  finish(): NetworkModel {
    const notes = this.#notes;
    const resources = Map.groupBy(this.#topology, ({ type }) => type);
    const vpcs = readVpcs(resources, notes);
    const subnets = readSubnets(resources, vpcs, notes);
    for (const { defaultGroup: id, id: vpc, where } of vpcs.values()) {
      const stack = where.slice(0, where.lastIndexOf("/"));
      this.#groups.set(id, defaultGroup(id, vpc, where, stack));
    }
    this.#addGroupRules();
    return {
      vpcs,
      subnets,
      routeTables: readRouteTables(resources, vpcs, this.#prefixLists, notes),
      acls: readAcls(resources, vpcs, subnets, notes),
      groups: this.#groups,
      peerings: readPeerings(resources),
      definition: this.#shipment.definition,
      interfaces: this.#interfaces.map((one) => this.#placed(one, vpcs, subnets)),
      endpoints: this.#endpoints,
      flowLogs: flowLogsByVpc(this.#flowLogs),
      account: this.#shipment.account,
      gaps: notes.gaps,
      faults: notes.faults,
    };
  }

  #addGroupRules(): void {
    const added = Map.groupBy(this.#groupRules, ({ group }) => group);
    for (const [id, more] of added) {
      const group = this.#groups.get(id);
      const rules = more.flatMap((one) => one.rules);
      if (group !== undefined) this.#groups.set(id, { ...group, rules: [...group.rules, ...rules] });
      else {
        const subject = rules[0]?.where ?? id;
        this.#notes.gaps.push({ subject, missing: `the security group ${id}, which no template makes` });
      }
    }
  }

  /** An interface without a group has the default one of its VPC; what cannot be found is noted. */
  #placed(one: Interface, vpcs: ReadonlyMap<string, Vpc>, subnets: ReadonlyMap<string, Subnet>): Interface {
    for (const id of one.subnets) {
      if (!subnets.has(id)) this.#gap(one, `the subnet ${id}`);
    }
    for (const id of one.groups ?? []) {
      if (!this.#groups.has(id)) this.#gap(one, `the security group ${id}, which no template makes`);
    }
    if (one.groups === null || one.groups.length > 0) return one;
    const vpc = vpcs.get(subnets.get(one.subnets[0] ?? "")?.vpc ?? "");
    return vpc === undefined ? one : { ...one, groups: [vpc.defaultGroup] };
  }

  #gap({ key }: Interface, missing: string): void {
    this.#notes.gaps.push({ subject: key, missing });
  }
}

function endpointOf(resource: Resource): Endpoint {
  const type = property(resource, "VpcEndpointType") ?? "Gateway";
  return {
    id: resource.physicalId,
    where: resource.key,
    service: property(resource, "ServiceName") ?? "",
    vpc: property(resource, "VpcId") ?? "",
    routeTables: idsOf(resource.properties["RouteTableIds"]),
    kind: type === "Gateway" ? "gateway" : type === "Interface" ? "interface" : "other",
    policy: resource.properties["PolicyDocument"] ?? null,
  };
}

function flowLogsByVpc(logs: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const ofVpcs = logs.filter((log) => property(log, "ResourceType") === "VPC");
  return new Map(
    [...Map.groupBy(ofVpcs, (log) => property(log, "ResourceId") ?? "")].map(([vpc, some]) => [
      vpc,
      some.map((log) => property(log, "TrafficType")?.toUpperCase() ?? "ALL"),
    ]),
  );
}

class ResourceIndex {
  readonly #byType: ReadonlyMap<string, readonly Resource[]>;
  readonly #byId: ReadonlyMap<string, readonly Resource[]>;

  constructor(resources: readonly Resource[]) {
    this.#byType = Map.groupBy(resources, ({ type }) => type);
    this.#byId = Map.groupBy(resources, ({ physicalId }) => physicalId);
  }

  readonly ofType = (type: string): readonly Resource[] => this.#byType.get(type) ?? [];
  readonly withId = (id: string): readonly Resource[] => this.#byId.get(id) ?? [];
}

function lookupIn(own: ResourceIndex, shared: ResourceIndex): Lookup {
  const places = own === shared ? [shared] : [own, shared];
  const isNear = (asking: Resource) => (one: Resource) => one.stack.region === asking.stack.region;
  return {
    find: (asking, id, ...types) =>
      id === null
        ? undefined
        : places
            .flatMap((index) => index.withId(id))
            .find((one) => types.includes(one.type) && isNear(asking)(one)),
    beside: (asking, type) => places.flatMap((index) => index.ofType(type)).filter(isNear(asking)),
  };
}
