import { type Finding, refuted, unknown } from "../../rule.ts";
import type { Connection, Party } from "./connections.ts";
import { describeAll } from "./describe-traffic.ts";
import type { Interface, Traffic } from "./network-model.ts";
import { subtractTraffic, tcp } from "./packet-box.ts";
import type { Opening } from "./openings.ts";
import type { Outside } from "./reachability.ts";

/** One pair of those that a connection stands for, and how many others are like it. */
interface Pair {
  readonly source: Interface | Outside;
  readonly destination: Interface;
  readonly count: number;
}

/** The TCP ports that a source may open to a destination; null where the rule does not speak of such a pair. */
export type Permission = (source: Interface | Outside, destination: Interface) => readonly number[] | null;

/** Findings for everything that can be opened beyond what is permitted. */
export function judgeConnections(
  connections: readonly Connection[],
  permitted: Permission,
): readonly Finding[] {
  return connections.flatMap((connection) =>
    pairsOf(connection).flatMap((pair) => {
      const ports = permitted(pair.source, pair.destination);
      return ports === null ? [] : judgePair(connection, pair, ports);
    }),
  );
}

function judgePair(
  { openings, isCertain }: Connection,
  pair: Pair,
  ports: readonly number[],
): readonly Finding[] {
  const beyond = openings.flatMap((opening) => {
    const traffic = withoutPorts(opening.traffic, ports);
    return traffic.length === 0 ? [] : [{ opening, traffic }];
  });
  const [first] = beyond;
  if (first === undefined) return [];
  const { source, destination, count } = pair;
  const what = describeAll(beyond.flatMap(({ traffic }) => traffic));
  const others = count === 1 ? "" : `; ${count - 1} more pairs like this one`;
  const subject = destination.key;
  const text = `${nameOf(source)} opens ${what} to ${nameOf(destination)}, by ${byText(first.opening)}${others}`;
  return [
    isCertain
      ? refuted(subject, text)
      : unknown(subject, `whether ${text}, some of which cannot be resolved`),
  ];
}

function withoutPorts(traffic: Traffic, ports: readonly number[]): readonly Traffic[] {
  const protocols = { from: tcp, to: tcp + 1 };
  return ports.reduce<readonly Traffic[]>(
    (left, port) =>
      left.flatMap((one) => subtractTraffic(one, { protocols, ports: { from: port, to: port + 1 } })),
    [traffic],
  );
}

const byText = ({ by }: Opening): string => [...new Set(by)].join("; ");

/** An interface for people. */
function nameOf(one: Interface | Outside): string {
  if (one === "internet") return "the internet";
  if (one === "cloudfront") return "CloudFront";
  return one.key;
}

/** A pair of the same tenant and one of two tenants, where there are such; nothing else tells the members of a party apart. */
function pairsOf({ source, destination }: Connection): readonly Pair[] {
  const [to] = destination.members;
  if (to === undefined) return [];
  if (typeof source === "string") return [{ source, destination: to, count: destination.members.length }];
  const [from] = source.members;
  if (from === undefined) return [];
  const all = source.members.length * destination.members.length;
  if (all === 1 || from.tenant === null || to.tenant === null) {
    return [{ source: from, destination: to, count: all }];
  }
  return pairsOfTenants(source, destination, all);
}

function pairsOfTenants(source: Party, destination: Party, all: number): readonly Pair[] {
  const byTenant = new Map(destination.members.map((one) => [one.tenant, one]));
  const same = source.members.flatMap((one): (readonly [Interface, Interface])[] => {
    const own = byTenant.get(one.tenant);
    return own === undefined ? [] : [[one, own]];
  });
  const [own] = same;
  const foreign = anyTwoTenants(source.members, destination.members);
  return [
    ...(own === undefined ? [] : [{ source: own[0], destination: own[1], count: same.length }]),
    ...(foreign === null ? [] : [{ source: foreign[0], destination: foreign[1], count: all - same.length }]),
  ];
}

/** Members of two tenants: among the first two of each side there are such, if there are any. */
function anyTwoTenants(
  sources: readonly Interface[],
  destinations: readonly Interface[],
): readonly [Interface, Interface] | null {
  for (const from of sources.slice(0, 2)) {
    for (const to of destinations.slice(0, 2)) if (from.tenant !== to.tenant) return [from, to];
  }
  return null;
}
