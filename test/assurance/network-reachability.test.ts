/**
 * What the checker says of who opens connections to whom, against packets that are walked one by one (network-packet-walk.ts).
 * 200 networks by chance; `TENANTRY_TEST_SLOW` makes them ten thousand.
 */
import { describe, expect, test } from "vitest";
import { connectionsOf } from "../../packages/assurance/src/isolation/network/connections.ts";
import type { Interface, Topology } from "../../packages/assurance/src/isolation/network/network-model.ts";
import type { Opening } from "../../packages/assurance/src/isolation/network/openings.ts";
import { Reachability } from "../../packages/assurance/src/isolation/network/reachability.ts";
import type { NetworkModel } from "../../packages/assurance/src/isolation/network/read-network.ts";
import { packetKinds, walkedFromInternet, type WalkedPacket, walkedPackets } from "./network-packet-walk.ts";
import { randomTopology } from "./network-random-topology.ts";

const isSlow = process.env["TENANTRY_TEST_SLOW"] !== undefined;
const seeds = Array.from({ length: isSlow ? 10_000 : 200 }, (_, index) => index + 1);

const textOf = ({ protocol, port, sourcePort }: WalkedPacket) => `${protocol} ${port} from ${sourcePort}`;

function isIn({ traffic, sourcePorts }: Opening, { protocol, port, sourcePort }: WalkedPacket): boolean {
  const { protocols, ports } = traffic;
  return (
    protocol >= protocols.from &&
    protocol < protocols.to &&
    port >= ports.from &&
    port < ports.to &&
    sourcePort >= sourcePorts.from &&
    sourcePort < sourcePorts.to
  );
}

/** The packets of which the checker and the walk say different things. */
function differences(
  topology: Topology,
  openings: readonly Opening[],
  walked: readonly WalkedPacket[],
): readonly string[] {
  const { protocols, ports } = packetKinds(topology);
  const arrived = new Set(walked.map(textOf));
  return protocols.flatMap((protocol) =>
    ports.flatMap((port) =>
      ports.flatMap((sourcePort) => {
        const packet = { protocol, port, sourcePort };
        const isOpen = openings.some((opening) => isIn(opening, packet));
        return isOpen === arrived.has(textOf(packet)) ? [] : [textOf(packet)];
      }),
    ),
  );
}

const beliefs = [
  ["least", "certain"],
  ["most", "possible"],
] as const;

/** Differences of every ordered pair, where the checker is told of another topology than the walk. */
function compare(walked: ReturnType<typeof randomTopology>, told: Topology): readonly string[] {
  const reachability = new Reachability(told);
  return beliefs.flatMap(([belief, bound]) =>
    walked.interfaces.flatMap((destination) => [
      ...walked.interfaces.flatMap((source) =>
        differences(
          walked,
          reachability.openings(source, destination, bound),
          walkedPackets(walked, source, destination, belief),
        ).map((packet) => `${bound}: ${source.key} to ${destination.key}: ${packet}`),
      ),
      ...differences(
        walked,
        reachability.openingsFromOutside("internet", destination, bound),
        walkedFromInternet(walked, destination, belief),
      ).map((packet) => `${bound}: the internet to ${destination.key}: ${packet}`),
    ]),
  );
}

test(
  "the checker and the walk of packets agree on every packet of every network",
  { timeout: isSlow ? 900_000 : 60_000 },
  () => {
    for (const seed of seeds) {
      const topology = randomTopology(seed);
      expect(compare(topology, topology), `seed ${seed}`).toEqual([]);
    }
  },
);

describe("a checker that is wrong in one thing is found out", () => {
  const mistakes: Readonly<Record<string, (topology: Topology) => Topology>> = {
    "denies of ACLs": (topology) => ({
      ...topology,
      acls: changed(topology.acls, (acl) => ({
        ...acl,
        entries: acl.entries.filter(({ action }) => action === "allow"),
      })),
    }),
    "the order of ACLs": (topology) => ({
      ...topology,
      acls: changed(topology.acls, (acl) => ({
        ...acl,
        entries: acl.entries.map((entry) => ({ ...entry, number: -entry.number })),
      })),
    }),
    "what ACLs let in": (topology) => ({
      ...topology,
      acls: changed(topology.acls, (acl) => ({
        ...acl,
        entries: acl.entries.map((entry) => ({ ...entry, direction: "outbound" as const })),
      })),
    }),
    "rules out of groups": (topology) => ({
      ...topology,
      groups: changed(topology.groups, (group) => ({
        ...group,
        rules: group.rules.filter(({ direction }) => direction === "ingress"),
      })),
    }),
    "rules that name groups": (topology) => ({
      ...topology,
      groups: changed(topology.groups, (group) => ({
        ...group,
        rules: group.rules.filter(({ peer }) => peer.kind !== "group"),
      })),
    }),
    "routes besides the local one": (topology) => ({
      ...topology,
      routeTables: changed(topology.routeTables, (table) => ({ ...table, routes: [] })),
    }),
    peerings: (topology) => ({ ...topology, peerings: new Map() }),
    IPv6: (topology) => ({
      ...topology,
      subnets: changed(topology.subnets, (subnet) => ({
        ...subnet,
        ranges: subnet.ranges.filter(({ family }) => family === 4),
      })),
    }),
    "internet gateways": (topology) => ({
      ...topology,
      vpcs: changed(topology.vpcs, (vpc) => ({ ...vpc, internetGateways: [] })),
    }),
    "the last port of a rule": (topology) => ({
      ...topology,
      groups: changed(topology.groups, (group) => ({
        ...group,
        rules: group.rules.map((rule) => {
          const { protocols, ports } = rule.traffic;
          return { ...rule, traffic: { protocols, ports: { from: ports.from + 1, to: ports.to } } };
        }),
      })),
    }),
  };

  test.each(Object.entries(mistakes))("one that forgets %s", { timeout: 60_000 }, (_, forget) => {
    const isFoundOut = seeds.some((seed) => {
      const topology = randomTopology(seed);
      return compare(topology, forget(topology)).length > 0;
    });
    expect(isFoundOut).toBe(true);
  });

  function changed<One>(all: ReadonlyMap<string, One>, change: (one: One) => One): ReadonlyMap<string, One> {
    return new Map([...all].map(([id, one]) => [id, change(one)]));
  }
});

test(
  "looking at many interfaces at once says the same as looking at each pair",
  { timeout: isSlow ? 900_000 : 60_000 },
  () => {
    for (const seed of seeds.slice(0, isSlow ? 200 : 15)) {
      const topology = randomTopology(seed, 24);
      const reachability = new Reachability(topology);
      const model = { ...topology, gaps: [{ subject: "", missing: "" }] } as unknown as NetworkModel;
      const found = new Map<string, Opening[]>();
      for (const { source, destination, openings, isCertain } of connectionsOf(model)) {
        const sources = typeof source === "string" ? [source] : source.members.map(({ key }) => key);
        for (const from of sources) {
          for (const { key: to } of destination.members) {
            const pair = `${from} to ${to} ${isCertain ? "certain" : "possible"}`;
            found.set(pair, [...(found.get(pair) ?? []), ...openings]);
          }
        }
      }
      const opened = (pair: string) => found.get(pair) ?? [];
      const same = (pair: string, certain: readonly Opening[], possible: readonly Opening[]) => {
        expect(portsOf(topology, opened(`${pair} certain`)), `seed ${seed}: ${pair}`).toEqual(
          portsOf(topology, certain),
        );
        const all = [...opened(`${pair} certain`), ...opened(`${pair} possible`)];
        expect(portsOf(topology, all), `seed ${seed}: ${pair}`).toEqual(
          portsOf(topology, [...certain, ...possible]),
        );
      };
      for (const destination of topology.interfaces) {
        const outside = beliefs.map(([, bound]) =>
          reachability.openingsFromOutside("internet", destination, bound),
        );
        same(`internet to ${destination.key}`, outside[0] ?? [], outside[1] ?? []);
        for (const source of topology.interfaces) {
          const [certain, possible] = beliefs.map(([, bound]) =>
            reachability.openings(source, destination, bound),
          );
          same(pairName(source, destination), certain ?? [], possible ?? []);
        }
      }
    }
  },
);

const pairName = (source: Interface, destination: Interface) => `${source.key} to ${destination.key}`;

/** Protocols and ports that are open, of those that the network tells apart. */
function portsOf(topology: Topology, openings: readonly Opening[]): readonly string[] {
  if (openings.length === 0) return [];
  const { protocols, ports } = packetKinds(topology);
  return protocols.flatMap((protocol) =>
    ports
      .filter((port) =>
        openings.some(({ traffic }) => {
          const isProtocol = protocol >= traffic.protocols.from && protocol < traffic.protocols.to;
          return isProtocol && port >= traffic.ports.from && port < traffic.ports.to;
        }),
      )
      .map((port) => `${protocol} ${port}`),
  );
}
