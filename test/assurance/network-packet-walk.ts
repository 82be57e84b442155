/*
 * A second, slow and simple answer to the question who opens connections to whom: one packet after the other is walked through
 * groups, routes and ACLs, as AWS's documents say it, and its answer back. Of packets that no rule tells apart, one is walked.
 * It shares nothing with the checker but the types of the model.
 */
import type {
  AclEntry,
  AddressRange,
  GroupRule,
  Interface,
  Subnet,
  Topology,
  Traffic,
} from "../../packages/assurance/src/isolation/network/network-model.ts";

export type Walker = Pick<Interface, "subnets" | "groups" | "isPublic" | "hasIpv6">;

/** Whether what is unknown lets through as little as it may, or as much. */
export type Belief = "least" | "most";

export interface WalkedPacket {
  readonly protocol: number;
  readonly port: number;
  readonly sourcePort: number;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const has = ({ family, from, to }: AddressRange, address: Address): boolean =>
  address.family === family && address.value >= from && address.value < to;

const speaksOf = ({ protocols, ports }: Traffic, protocol: number, port: number): boolean =>
  protocol >= protocols.from && protocol < protocols.to && port >= ports.from && port < ports.to;

/** All packets, one of each kind that the topology tells apart, with which a connection can be opened. */
export function walkedPackets(
  topology: Topology,
  source: Walker,
  destination: Walker,
  belief: Belief,
): readonly WalkedPacket[] {
  const kinds = packetKinds(topology);
  const found = new Map<string, WalkedPacket>();
  for (const [from, sourceAddress] of placesOf(topology, source, kinds.addresses)) {
    for (const [to, destinationAddress] of placesOf(topology, destination, kinds.addresses)) {
      if (sourceAddress.family !== destinationAddress.family) continue;
      const walk: Walk = {
        topology,
        source,
        destination,
        from,
        to,
        sourceAddress,
        destinationAddress,
        belief,
      };
      for (const protocol of kinds.protocols) {
        for (const port of kinds.ports) {
          if (!arrives(walk, protocol, port)) continue;
          for (const sourcePort of kinds.ports) {
            const key = `${protocol} ${port} ${sourcePort}`;
            if (!found.has(key) && (protocol !== 6 || isAnswered(walk, sourcePort)))
              found.set(key, { protocol, port, sourcePort });
          }
        }
      }
    }
  }
  return [...found.values()];
}

/** The same from the internet, which has every address that is neither private nor the VPC's. */
export function walkedFromInternet(
  topology: Topology,
  destination: Walker,
  belief: Belief,
): readonly WalkedPacket[] {
  const kinds = packetKinds(topology);
  const found = new Map<string, WalkedPacket>();
  for (const [to, destinationAddress] of placesOf(topology, destination, kinds.addresses)) {
    const vpc = topology.vpcs.get(to.vpc);
    if (vpc === undefined || vpc.internetGateways.length === 0) continue;
    if (destinationAddress.family === 4 && !destination.isPublic) continue;
    for (const sourceAddress of kinds.addresses) {
      if (sourceAddress.family !== destinationAddress.family || !isPublicAddress(sourceAddress)) continue;
      if (vpc.ranges.some((range) => has(range, sourceAddress))) continue;
      for (const protocol of kinds.protocols) {
        for (const port of kinds.ports) {
          const isLetIn = groupRules(topology, destination, "ingress").some(
            (rule) =>
              rule === "everything" ||
              (rule !== "unknown-group" &&
                speaksOf(rule.traffic, protocol, port) &&
                (rule.peer.kind === "range"
                  ? has(rule.peer.range, sourceAddress)
                  : rule.peer.kind === "unknown" && belief === "most")) ||
              (rule === "unknown-group" && belief === "most"),
          );
          if (!isLetIn || !passesAcl(topology, to, "inbound", sourceAddress, protocol, port, belief))
            continue;
          for (const sourcePort of kinds.ports) {
            const back = routeOf(topology, to, sourceAddress);
            const isAnswer =
              protocol !== 6 ||
              (back?.kind === "internet-gateway" &&
                vpc.internetGateways.includes(back.id) &&
                passesAcl(topology, to, "outbound", sourceAddress, protocol, sourcePort, belief));
            if (isAnswer) found.set(`${protocol} ${port} ${sourcePort}`, { protocol, port, sourcePort });
          }
        }
      }
    }
  }
  return [...found.values()];
}

const privateBlocks = [
  [0, 8],
  [10, 8],
  [127, 8],
  [100 * 256 + 64, 10],
  [169 * 256 + 254, 16],
  [172 * 256 + 16, 12],
  [192 * 256 + 168, 16],
] as const;

function isPublicAddress({ family, value }: Address): boolean {
  if (family === 6) return value >> 125n === 1n;
  const address = Number(value);
  if (address >= 224 * 2 ** 24) return false;
  return privateBlocks.every(([start, prefix]) => {
    const first = start * 2 ** (prefix === 8 ? 24 : 16);
    const size = 2 ** (32 - prefix);
    return address < first || address >= first + size;
  });
}

interface Walk {
  readonly topology: Topology;
  readonly source: Walker;
  readonly destination: Walker;
  readonly from: Subnet;
  readonly to: Subnet;
  readonly sourceAddress: Address;
  readonly destinationAddress: Address;
  readonly belief: Belief;
}

/** Out of the source's groups and subnet, by a route, into the destination's subnet and groups. */
function arrives(walk: Walk, protocol: number, port: number): boolean {
  const { topology, source, destination, from, to, sourceAddress, destinationAddress, belief } = walk;
  if (!passesGroups(topology, source, "egress", destination, destinationAddress, protocol, port, belief))
    return false;
  if (!passesGroups(topology, destination, "ingress", source, sourceAddress, protocol, port, belief))
    return false;
  if (from.id === to.id) return true;
  return (
    isLed(walk, from, to, destinationAddress) &&
    passesAcl(topology, from, "outbound", destinationAddress, protocol, port, belief) &&
    passesAcl(topology, to, "inbound", sourceAddress, protocol, port, belief)
  );
}

function isAnswered(walk: Walk, sourcePort: number): boolean {
  const { topology, from, to, sourceAddress, destinationAddress, belief } = walk;
  if (from.id === to.id) return true;
  return (
    isLed(walk, to, from, sourceAddress) &&
    passesAcl(topology, to, "outbound", sourceAddress, 6, sourcePort, belief) &&
    passesAcl(topology, from, "inbound", destinationAddress, 6, sourcePort, belief)
  );
}

function passesGroups(
  topology: Topology,
  own: Walker,
  direction: "ingress" | "egress",
  other: Walker,
  otherAddress: Address,
  protocol: number,
  port: number,
  belief: Belief,
): boolean {
  return groupRules(topology, own, direction).some((rule) => {
    if (rule === "everything") return true;
    if (rule === "unknown-group") return belief === "most";
    if (!speaksOf(rule.traffic, protocol, port)) return false;
    switch (rule.peer.kind) {
      case "range":
        return has(rule.peer.range, otherAddress);
      case "group":
        return other.groups !== null && other.groups.includes(rule.peer.group);
      case "managed-list":
        return false;
      case "unknown":
        return belief === "most";
    }
  });
}

function groupRules(
  topology: Topology,
  { groups }: Walker,
  direction: "ingress" | "egress",
): readonly (GroupRule | "everything" | "unknown-group")[] {
  if (groups === null) return ["everything"];
  const rules: (GroupRule | "unknown-group")[] = [];
  for (const id of groups) {
    const group = topology.groups.get(id);
    if (group === undefined) rules.push("unknown-group");
    else rules.push(...group.rules.filter((rule) => rule.direction === direction));
  }
  return rules;
}

function passesAcl(
  topology: Topology,
  subnet: Subnet,
  direction: AclEntry["direction"],
  address: Address,
  protocol: number,
  port: number,
  belief: Belief,
): boolean {
  const entries = topology.acls.get(subnet.acl)?.entries ?? [];
  let decided: AclEntry | null = null;
  for (const entry of entries) {
    if (entry.direction !== direction) continue;
    const matches =
      entry.match === null
        ? (entry.action === "allow") === (belief === "most")
        : has(entry.match.range, address) && speaksOf(entry.match.traffic, protocol, port);
    if (matches && (decided === null || entry.number < decided.number)) decided = entry;
  }
  return decided?.action === "allow";
}

/** The target of the route with the most bits; a route to exactly the VPC's range stands before the local one. */
function routeOf(
  topology: Topology,
  subnet: Subnet,
  address: Address,
): { readonly kind: string; readonly id: string } | null {
  let best: {
    readonly size: bigint;
    readonly target: { readonly kind: string; readonly id: string };
  } | null = null;
  for (const { destination, target } of topology.routeTables.get(subnet.routeTable)?.routes ?? []) {
    if (destination === null || !has(destination, address)) continue;
    const size = destination.to - destination.from;
    if (best === null || size < best.size) best = { size, target };
  }
  for (const range of topology.vpcs.get(subnet.vpc)?.ranges ?? []) {
    if (!has(range, address)) continue;
    const size = range.to - range.from;
    if (best === null || size < best.size) best = { size, target: { kind: "local", id: "" } };
  }
  return best?.target ?? null;
}

const dark = ["transit-gateway", "virtual-gateway", "interface", "endpoint", "other", "unknown"];

function isLed({ topology, belief }: Walk, from: Subnet, to: Subnet, address: Address): boolean {
  const target = routeOf(topology, from, address);
  if (target === null) return false;
  if (target.kind === "local") return from.vpc === to.vpc;
  if (target.kind === "peering") {
    const peering = topology.peerings.get(target.id);
    if (peering === undefined || from.vpc === to.vpc) return false;
    const there = peering.vpc === from.vpc && peering.peerVpc === to.vpc;
    return there || (peering.vpc === to.vpc && peering.peerVpc === from.vpc);
  }
  return belief === "most" && dark.includes(target.kind);
}

/** Each subnet of an interface with each kind of address that it may have there. */
function placesOf(
  topology: Topology,
  { subnets, hasIpv6 }: Walker,
  addresses: readonly Address[],
): readonly (readonly [Subnet, Address])[] {
  return subnets.flatMap((id) => {
    const subnet = topology.subnets.get(id);
    if (subnet === undefined) return [];
    const own = addresses.filter(
      (address) => (address.family === 4 || hasIpv6) && subnet.ranges.some((range) => has(range, address)),
    );
    return own.map((address) => [subnet, address] as const);
  });
}

/** Where anything begins or ends, something changes; between two such places nothing does. */
export function packetKinds(topology: Topology): {
  readonly addresses: readonly Address[];
  readonly protocols: readonly number[];
  readonly ports: readonly number[];
} {
  const ranges: AddressRange[] = [
    ...[...topology.vpcs.values()].flatMap((vpc) => vpc.ranges),
    ...[...topology.subnets.values()].flatMap((subnet) => subnet.ranges),
    ...[...topology.routeTables.values()].flatMap(({ routes }) =>
      routes.flatMap(({ destination }) => (destination === null ? [] : [destination])),
    ),
    { family: 4, from: 8n << 24n, to: 9n << 24n },
    { family: 6, from: 1n << 125n, to: 2n << 125n },
  ];
  const traffic: Traffic[] = [{ protocols: { from: 6, to: 7 }, ports: { from: 0, to: 65_536 } }];
  for (const { rules } of topology.groups.values()) {
    for (const rule of rules) {
      traffic.push(rule.traffic);
      if (rule.peer.kind === "range") ranges.push(rule.peer.range);
    }
  }
  for (const { entries } of topology.acls.values()) {
    for (const { match } of entries) {
      if (match === null) continue;
      traffic.push(match.traffic);
      ranges.push(match.range);
    }
  }
  const addresses = new Map<string, Address>();
  for (const { family, from, to } of ranges) {
    for (const value of [from, to]) {
      if (value < 1n << (family === 4 ? 32n : 128n)) addresses.set(`${family} ${value}`, { family, value });
    }
  }
  const starts = (spans: readonly { readonly from: number; readonly to: number }[], end: number) =>
    [...new Set([0, ...spans.flatMap(({ from, to }) => [from, to])])].filter((value) => value < end);
  return {
    addresses: [...addresses.values()],
    protocols: starts(
      traffic.map(({ protocols }) => protocols),
      256,
    ),
    ports: starts(
      traffic.map(({ ports }) => ports),
      65_536,
    ),
  };
}
