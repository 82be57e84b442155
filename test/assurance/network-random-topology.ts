/* Small networks by chance, with few kinds of ranges and ports, so that rules meet, hide and miss one another often. */
import { type Random, seededRandom } from "@tenantry/base";
import type {
  AclEntry,
  AddressRange,
  GroupRule,
  Interface,
  NetworkAcl,
  Peer,
  Peering,
  Route,
  RouteTable,
  RouteTarget,
  SecurityGroup,
  Subnet,
  Topology,
  Traffic,
  Vpc,
} from "../../packages/assurance/src/isolation/network/network-model.ts";

export interface RandomTopology extends Topology {
  readonly interfaces: readonly Interface[];
}

/** @param interfaceCount how many interfaces stand in it */
export function randomTopology(seed: number, interfaceCount = 3): RandomTopology {
  const chance = new Chance(seededRandom(seed));
  const vpcs = madeOf(chance.upTo(2), (index) => randomVpc(chance, index));
  const peerings = peeringsOf(chance, vpcs);
  const hasUnknown = chance.is(0.25);
  const acls = madeOf(chance.upTo(3), (index) => randomAcl(chance, index, hasUnknown));
  const tables = madeOf(chance.upTo(3), (index) => randomTable(chance, index, peerings, hasUnknown));
  const subnets = vpcs.flatMap((vpc, at) =>
    madeOf(chance.upTo(3), (index) => randomSubnet(chance, vpc, at, index, tables, acls)),
  );
  const groupCount = chance.upTo(4);
  const groups = madeOf(groupCount, (index) => randomGroup(chance, index, groupCount, hasUnknown));
  const interfaces = madeOf(interfaceCount, (index) => randomInterface(chance, index, subnets, groups));
  return {
    vpcs: byId(vpcs),
    subnets: byId(subnets),
    routeTables: byId(tables),
    acls: byId(acls),
    groups: byId(groups),
    peerings: byId(peerings),
    interfaces,
  };
}

const byId = <Made extends { readonly id: string }>(made: readonly Made[]): ReadonlyMap<string, Made> =>
  new Map(made.map((one) => [one.id, one]));

const madeOf = <Made>(count: number, make: (index: number) => Made): readonly Made[] =>
  Array.from({ length: count }, (_, index) => make(index));

class Chance {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  is = (share: number): boolean => this.#random.unit() < share;
  /** 1 to `count`. */
  upTo = (count: number): number => 1 + this.below(count);
  below = (count: number): number => this.#random.below(count);

  of<One>(list: readonly One[]): One {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new RangeError("nothing to choose from");
    return one;
  }

  some = <One>(list: readonly One[], share: number): readonly One[] => list.filter(() => this.is(share));
}

const block = (a: number, b: number, c: number, prefix: number): AddressRange => {
  const from = (BigInt(a) << 24n) + (BigInt(b) << 16n) + (BigInt(c) << 8n);
  return { family: 4, from, to: from + (1n << BigInt(32 - prefix)) };
};

const block6 = (network: bigint, prefix: number): AddressRange => {
  const from = (0x2001_0db8n << 96n) + (network << 64n);
  return { family: 6, from, to: from + (1n << BigInt(128 - prefix)) };
};

const everything4: AddressRange = { family: 4, from: 0n, to: 1n << 32n };
const everything6: AddressRange = { family: 6, from: 0n, to: 1n << 128n };

/** The ranges that rules name. */
function randomRange(chance: Chance): AddressRange {
  return chance.of([
    everything4,
    everything4,
    block(10, 0, 0, 8),
    block(10, 0, 0, 16),
    block(10, 1, 0, 16),
    block(10, chance.below(2), chance.below(3), 24),
    block(10, chance.below(2), chance.below(3), 25),
    block(8, 8, 0, 16),
    everything6,
    block6(BigInt(chance.below(2)) << 16n, 48),
    block6((BigInt(chance.below(2)) << 16n) + BigInt(chance.below(3)), 64),
  ]);
}

const edges = [0, 443, 444, 1024, 5432, 5433, 32_768, 65_536];

function randomTraffic(chance: Chance): Traffic {
  if (chance.is(0.3)) return { protocols: { from: 0, to: 256 }, ports: { from: 0, to: 65_536 } };
  const protocol = chance.of([6, 6, 6, 17, 1]);
  const one = chance.below(edges.length - 1);
  const other = one + 1 + chance.below(edges.length - 1 - one);
  return {
    protocols: { from: protocol, to: protocol + 1 },
    ports: { from: edges[one] ?? 0, to: edges[other] ?? 65_536 },
  };
}

function randomVpc(chance: Chance, index: number): Vpc {
  const second = chance.is(0.2) ? [block(10, 100 + index, 0, 16)] : [];
  return {
    id: `vpc${index}`,
    where: `vpc${index}`,
    region: "us-east-1",
    // Two VPCs may have the same range.
    ranges: [
      block(10, chance.is(0.9) ? index : 0, 0, 16),
      ...second,
      ...(chance.is(0.4) ? [block6(BigInt(index) << 16n, 48)] : []),
    ],
    internetGateways: chance.is(0.7) ? [`igw${index}`] : [],
    defaultAcl: "acl0",
    defaultGroup: "group0",
  };
}

function peeringsOf(chance: Chance, vpcs: readonly Vpc[]): readonly Peering[] {
  const [one, other] = vpcs;
  if (one === undefined || other === undefined || chance.is(0.3)) return [];
  return [{ id: "pcx", where: "pcx", vpc: one.id, peerVpc: other.id }];
}

function randomAcl(chance: Chance, index: number, hasUnknown: boolean): NetworkAcl {
  const isOpen = chance.is(0.4);
  const answers = chance.is(0.6) ? answersAndCalls(chance, index) : [];
  const entries = madeOf(chance.below(6), (at): AclEntry => {
    const isUnknown = hasUnknown && chance.is(0.15);
    return {
      direction: chance.of(["inbound", "outbound"]),
      // Numbers are given out of order.
      number: 1 + ((at * 37 + index * 11) % 97),
      action: chance.is(0.7) ? "allow" : "deny",
      match: isUnknown ? null : { range: randomRange(chance), traffic: randomTraffic(chance) },
      where: `acl${index} ${at}`,
    };
  });
  const open = (["inbound", "outbound"] as const).flatMap((direction) =>
    [everything4, everything6].map((range, at): AclEntry => ({
      direction,
      number: 1000 + at,
      action: "allow",
      match: { range, traffic: { protocols: { from: 0, to: 256 }, ports: { from: 0, to: 65_536 } } },
      where: `acl${index} open`,
    })),
  );
  return {
    id: `acl${index}`,
    where: `acl${index}`,
    isDefault: false,
    entries: [...entries, ...answers, ...(isOpen ? open : [])],
  };
}

/** What an ACL usually says: some ports in, answers out, and the other way round. */
function answersAndCalls(chance: Chance, index: number): readonly AclEntry[] {
  const low = chance.of([0, 1024, 1024, 32_768]);
  return (["inbound", "outbound"] as const).flatMap((direction, at) =>
    [randomTraffic(chance), { protocols: { from: 6, to: 7 }, ports: { from: low, to: 65_536 } }].map(
      (traffic, next): AclEntry => ({
        direction,
        number: 500 + 10 * at + next,
        action: "allow",
        match: { range: chance.of([everything4, block(10, 0, 0, 8), everything6]), traffic },
        where: `acl${index} answers`,
      }),
    ),
  );
}

function randomTable(
  chance: Chance,
  index: number,
  peerings: readonly Peering[],
  hasUnknown: boolean,
): RouteTable {
  const targets: readonly RouteTarget[] = [
    { kind: "internet-gateway", id: `igw${chance.below(2)}` },
    { kind: "internet-gateway", id: "igw0" },
    { kind: "internet-gateway", id: "igw0" },
    { kind: "nat", id: "nat" },
    { kind: "blackhole", id: "" },
    ...(peerings.length > 0
      ? ([
          { kind: "peering", id: "pcx" },
          { kind: "peering", id: "pcx" },
        ] as const)
      : []),
    ...(hasUnknown ? ([{ kind: "transit-gateway", id: "tgw" }] as const) : []),
  ];
  const through = peerings.length > 0 && chance.is(0.6) ? [block(10, 0, 0, 16), block(10, 1, 0, 16)] : [];
  const peered = through.map((destination): Route => ({
    destination,
    destinationText: "",
    target: { kind: "peering", id: "pcx" },
    where: `table${index} peering`,
  }));
  const chosen = madeOf(chance.below(4), (at): Route => ({
    destination: randomRange(chance),
    destinationText: "",
    target: chance.of(targets),
    where: `table${index} ${at}`,
  }));
  // AWS takes one route for each destination.
  const distinct = new Map(
    [...peered, ...chosen].map((route) => [
      `${route.destination?.family} ${route.destination?.from} ${route.destination?.to}`,
      route,
    ]),
  );
  return { id: `table${index}`, where: `table${index}`, routes: [...distinct.values()] };
}

function randomSubnet(
  chance: Chance,
  vpc: Vpc,
  at: number,
  index: number,
  tables: readonly RouteTable[],
  acls: readonly NetworkAcl[],
): Subnet {
  const isDual = vpc.ranges.some(({ family }) => family === 6) && chance.is(0.7);
  const base = Number(((vpc.ranges[0]?.from ?? 0n) >> 16n) & 255n);
  return {
    id: `subnet${at}${index}`,
    where: `subnet${at}${index}`,
    vpc: vpc.id,
    ranges: [
      block(10, base, index, 24),
      ...(isDual ? [block6((BigInt(at) << 16n) + BigInt(index), 64)] : []),
    ],
    routeTable: chance.of(tables).id,
    acl: chance.of(acls).id,
    isAclOwn: true,
    mapsPublicAddress: false,
  };
}

function randomGroup(chance: Chance, index: number, count: number, hasUnknown: boolean): SecurityGroup {
  const peer = (): Peer => {
    if (hasUnknown && chance.is(0.1)) return { kind: "unknown", why: "by chance" };
    if (chance.is(0.4)) return { kind: "group", group: `group${chance.below(count)}` };
    return { kind: "range", range: randomRange(chance) };
  };
  const rules = madeOf(chance.below(5), (at): GroupRule => ({
    direction: chance.of(["ingress", "ingress", "egress"]),
    traffic: randomTraffic(chance),
    peer: peer(),
    stack: "test",
    where: `group${index} ${at}`,
  }));
  const out: GroupRule = {
    direction: "egress",
    traffic: { protocols: { from: 0, to: 256 }, ports: { from: 0, to: 65_536 } },
    peer: { kind: "range", range: everything4 },
    stack: "test",
    where: `group${index} out`,
  };
  return {
    id: `group${index}`,
    where: `group${index}`,
    stack: "test",
    tenant: null,
    vpc: null,
    isDefault: false,
    rules: chance.is(0.7) ? [...rules, out] : rules,
  };
}

function randomInterface(
  chance: Chance,
  index: number,
  subnets: readonly Subnet[],
  groups: readonly SecurityGroup[],
): Interface {
  const vpc = chance.of(subnets).vpc;
  const near = subnets.filter((subnet) => subnet.vpc === vpc);
  const some = chance.some(near, 0.4);
  const carried = chance.some(groups, 0.5).map(({ id }) => id);
  const isUnknown = chance.is(0.03);
  return {
    key: `tenant/${index}/interface`,
    kind: "tasks",
    type: "AWS::ECS::Service",
    name: "app",
    stack: `tenant/${index}`,
    role: "primary",
    tenant: String(index),
    tier: "silo",
    cell: 1,
    subnets: (some.length > 0 ? some : [chance.of(near)]).map(({ id }) => id),
    groups: chance.is(0.05) ? null : isUnknown ? [...carried, "nobody-knows"] : carried,
    ports: [],
    isPublic: chance.is(0.6),
    hasIpv6: chance.is(0.6),
    serves: null,
  };
}
