import type { AddressRange, Interface, Peer, Topology, Traffic } from "./network-model.ts";
import { type Bound, everything, intersectTraffic } from "./packet-box.ts";

/** What of an interface decides whom it reaches. */
export type Place = Pick<Interface, "subnets" | "groups" | "isPublic" | "hasIpv6">;

/** What two sets of security groups let through: the ranges are null where a group is named, which has any address. */
export interface GroupOpening {
  readonly traffic: Traffic;
  readonly sourceRange: AddressRange | null;
  readonly destinationRange: AddressRange | null;
  readonly by: readonly string[];
}

/** Whether a rule out and a rule in count, by their peers; null where no rule stands there. */
export type RuleChoice = (egress: Peer | null, ingress: Peer | null) => boolean;
export const everyRule: RuleChoice = () => true;

export interface MatchedRule {
  readonly traffic: Traffic;
  /** Null for any address. */
  readonly range: AddressRange | null;
  readonly peer: Peer | null;
  readonly where: string;
}

/** What a source's groups let out to a destination whose groups let it in. */
export function groupOpenings(
  topology: Topology,
  source: Place,
  destination: Place,
  bound: Bound,
  by: RuleChoice,
): readonly GroupOpening[] {
  const match = (groups: Place["groups"]) => (peer: Peer) => {
    switch (peer.kind) {
      case "range":
        return { range: peer.range };
      case "group":
        return groups?.includes(peer.group) === true ? { range: null } : null;
      case "managed-list":
        return null;
      case "unknown":
        return bound === "possible" ? { range: null } : null;
    }
  };
  const out = matchedRules(topology, source, "egress", bound, match(destination.groups));
  const into = matchedRules(topology, destination, "ingress", bound, match(source.groups));
  return out.flatMap((egress) =>
    into.flatMap((ingress) => {
      const traffic = intersectTraffic(egress.traffic, ingress.traffic);
      if (traffic === null || !by(egress.peer, ingress.peer)) return [];
      return [
        {
          traffic,
          sourceRange: ingress.range,
          destinationRange: egress.range,
          by: [egress.where, ingress.where],
        },
      ];
    }),
  );
}

/** The rules of an interface's groups that a peer matches. */
export function matchedRules(
  topology: Topology,
  { groups }: Place,
  direction: "ingress" | "egress",
  bound: Bound,
  match: (peer: Peer) => { readonly range: AddressRange | null } | null,
): readonly MatchedRule[] {
  const anything = { traffic: everything, range: null, peer: null };
  if (groups === null) return [{ ...anything, where: "no security group" }];
  return groups.flatMap((id): readonly MatchedRule[] => {
    const group = topology.groups.get(id);
    if (group === undefined) {
      return bound === "possible" ? [{ ...anything, where: `the unknown group ${id}` }] : [];
    }
    return group.rules.flatMap((rule) => {
      const matched = rule.direction === direction ? match(rule.peer) : null;
      const { peer, traffic, where } = rule;
      return matched === null ? [] : [{ traffic, range: matched.range, peer, where }];
    });
  });
}
