import { assert } from "@tenantry/base";
import { intersectRanges, internetRanges, subtractRange } from "./address-range.ts";
import {
  everyRule,
  type GroupOpening,
  groupOpenings,
  type MatchedRule,
  matchedRules,
  type Place,
  type RuleChoice,
} from "./group-openings.ts";
import type { AddressRange, NetworkAcl, Subnet, Topology, Traffic } from "./network-model.ts";
import { coversClients, distinct, halves, join, type Opening, tcpOnly } from "./openings.ts";
import {
  allowedByAcl,
  type Bound,
  everyPort,
  intersectBox,
  type PacketBox,
  trafficContains,
} from "./packet-box.ts";
import { delivered, type Way, waysOf } from "./routing.ts";

/** Everybody, or only who comes from CloudFront. */
export type Outside = "internet" | "cloudfront";

/**
 * Whether a connection can be opened from one interface to another, by interval arithmetic, which is exact: there is one
 * where a packet from an address of the source to an address of the destination is routed, passes both ACLs and both
 * sets of security groups, and the answer is routed and passes both ACLs. Security groups keep state and let answers
 * pass, ACLs do not. Inside a subnet there is neither ACL nor route. Only TCP needs the answer: a datagram does its harm
 * without one.
 */
export class Reachability {
  readonly #topology: Topology;
  readonly #acls = new Map<string, readonly PacketBox[]>();
  readonly #knownPaths = new Map<string, readonly Opening[]>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /**
   * What a source may open to a destination.
   *
   * @param by which rules of groups count: for pairs of many interfaces at once only those that are the same for all of them
   */
  openings(source: Place, destination: Place, bound: Bound, by: RuleChoice = everyRule): readonly Opening[] {
    const found: Opening[] = [];
    for (const opening of groupOpenings(this.#topology, source, destination, bound, by)) {
      for (const path of this.#paths(source, destination, opening, bound)) {
        found.push({ ...path, by: [...opening.by, ...path.by] });
      }
    }
    return distinct(found);
  }

  /**
   * Whether a client of the source can open a port of the destination from every subnet to every other, with every source
   * port that a client may take. Otherwise what is in the way.
   */
  obstacle(source: Place, destination: Place, port: number): string | null {
    const wanted: Traffic = { protocols: tcpOnly.protocols, ports: { from: port, to: port + 1 } };
    const groups = groupOpenings(this.#topology, source, destination, "certain", everyRule).filter(
      (opening) =>
        opening.sourceRange === null &&
        opening.destinationRange === null &&
        trafficContains(opening.traffic, wanted),
    );
    const ranges = groupOpenings(this.#topology, source, destination, "certain", everyRule).filter(
      (opening) => trafficContains(opening.traffic, wanted),
    );
    const [opening] = groups.length > 0 ? groups : ranges;
    if (opening === undefined) return "their security groups do not let it through";
    for (const from of this.#subnetsOf(source)) {
      for (const to of this.#subnetsOf(destination)) {
        const pair = [
          { ...source, subnets: [from.id] },
          { ...destination, subnets: [to.id] },
        ] as const;
        const paths = this.#paths(...pair, { ...opening, traffic: wanted }, "certain");
        if (!coversClients(paths)) {
          return `from ${from.where} to ${to.where} a route or an ACL does not let it or its answers (1024-65535) through`;
        }
      }
    }
    return null;
  }

  /** The same for what comes from the internet. */
  obstacleFromOutside(outside: Outside, destination: Place, port: number): string | null {
    for (const to of this.#subnetsOf(destination)) {
      const place = { ...destination, subnets: [to.id] };
      const openings = this.openingsFromOutside(outside, place, "certain").filter(({ traffic }) =>
        trafficContains(traffic, { protocols: tcpOnly.protocols, ports: { from: port, to: port + 1 } }),
      );
      if (!coversClients(openings))
        return `its group, the ACL or the routes of ${to.where} do not let it through`;
    }
    return null;
  }

  /** The same for all interfaces in the same subnets, so it is computed once. */
  #paths(source: Place, destination: Place, opening: GroupOpening, bound: Bound): readonly Opening[] {
    const { traffic, sourceRange, destinationRange } = opening;
    const key = [
      ...[source, destination].map(({ subnets, hasIpv6 }) => `${subnets.join(",")} ${hasIpv6}`),
      ...[traffic.protocols, traffic.ports, sourceRange, destinationRange].map((span) =>
        span === null ? "any" : `${span.from}-${span.to}`,
      ),
      `${sourceRange?.family} ${destinationRange?.family} ${bound}`,
    ].join("|");
    let paths = this.#knownPaths.get(key);
    if (paths === undefined) {
      paths = distinct(
        this.#subnetsOf(source).flatMap((from) =>
          this.#subnetsOf(destination).flatMap((to) =>
            this.#betweenSubnets({ from, source, to, destination, opening, bound }),
          ),
        ),
      );
      this.#knownPaths.set(key, paths);
    }
    return paths;
  }

  /** What the internet may open to a destination that has an address there. */
  openingsFromOutside(outside: Outside, destination: Place, bound: Bound): readonly Opening[] {
    const rules = matchedRules(this.#topology, destination, "ingress", bound, (peer) => {
      switch (peer.kind) {
        case "range":
          return { range: peer.range };
        case "managed-list":
          return outside === "cloudfront" && peer.list === "cloudfront" ? { range: null } : null;
        case "group":
          return null;
        case "unknown":
          return bound === "possible" ? { range: null } : null;
      }
    });
    const found = this.#subnetsOf(destination).flatMap((to) =>
      rules.flatMap((rule) => {
        const ranges = this.#outsideOf(to).flatMap((range) => {
          const isThere = range.family === 4 ? destination.isPublic : hasIpv6(to, destination);
          const common = rule.range === null ? range : intersectRanges(range, rule.range);
          return isThere && common !== null ? [common] : [];
        });
        return ranges.flatMap((range) => this.#fromInternet(to, range, rule, bound));
      }),
    );
    return distinct(found);
  }

  #fromInternet(
    to: Subnet,
    range: AddressRange,
    rule: Pick<MatchedRule, "traffic" | "where">,
    bound: Bound,
  ): readonly Opening[] {
    const gateways = this.#topology.vpcs.get(to.vpc)?.internetGateways ?? [];
    if (gateways.length === 0) return [];
    const inbound = this.#pass(to.acl, "inbound", range, rule.traffic, bound);
    const ways = waysOf(this.#topology, to, range).filter(
      ({ target }) => target.kind === "internet-gateway" && gateways.includes(target.id),
    );
    return halves(inbound, () => this.#answers(to.acl, "outbound", ways, bound)).map((half) => ({
      ...half,
      by: [rule.where, ...half.by],
    }));
  }

  #betweenSubnets(pair: {
    readonly from: Subnet;
    readonly source: Place;
    readonly to: Subnet;
    readonly destination: Place;
    readonly opening: GroupOpening;
    readonly bound: Bound;
  }): readonly Opening[] {
    const { from, source, to, destination, opening, bound } = pair;
    const found: Opening[] = [];
    for (const sourceRange of rangesOf(from, source, opening.sourceRange)) {
      for (const destinationRange of rangesOf(to, destination, opening.destinationRange)) {
        if (sourceRange.family !== destinationRange.family) continue;
        if (from.id === to.id) {
          found.push({ traffic: opening.traffic, sourcePorts: everyPort, by: [] });
          continue;
        }
        const there = delivered(this.#topology, from, to, destinationRange, bound);
        const back = delivered(this.#topology, to, from, sourceRange, bound);
        const near = there.flatMap((way) => {
          const out = this.#pass(from.acl, "outbound", way.range, opening.traffic, bound);
          return halves(out, () => this.#answers(from.acl, "inbound", [way], bound));
        });
        const into = this.#pass(to.acl, "inbound", sourceRange, opening.traffic, bound);
        const far = halves(into, () => this.#answers(to.acl, "outbound", back, bound));
        found.push(...join(near, far));
      }
    }
    return found;
  }

  /** What passes an ACL, of some traffic from or to some addresses. */
  #pass(
    aclId: string,
    direction: "inbound" | "outbound",
    range: AddressRange,
    traffic: Traffic,
    bound: Bound,
  ): readonly PacketBox[] {
    const key = `${aclId} ${direction} ${range.family} ${range.from} ${range.to} ${bound}`;
    let boxes = this.#acls.get(key);
    if (boxes === undefined) {
      boxes = allowedByAcl(this.#acl(aclId), direction, [range], bound);
      this.#acls.set(key, boxes);
    }
    return boxes.flatMap((box) => {
      const common = intersectBox(box, range, traffic);
      return common === null ? [] : [common];
    });
  }

  /** Answers of TCP that come or go some ways through an ACL. */
  #answers(
    aclId: string,
    direction: "inbound" | "outbound",
    ways: readonly Way[],
    bound: Bound,
  ): readonly PacketBox[] {
    return ways.flatMap(({ range }) => this.#pass(aclId, direction, range, tcpOnly, bound));
  }

  /** The internet without the VPC's own addresses, which may be public ones. */
  #outsideOf({ vpc }: Subnet): readonly AddressRange[] {
    const own = this.#topology.vpcs.get(vpc)?.ranges ?? [];
    return own.reduce<readonly AddressRange[]>(
      (left, taken) => left.flatMap((range) => subtractRange(range, taken)),
      internetRanges,
    );
  }

  #acl(id: string): NetworkAcl {
    const acl = this.#topology.acls.get(id);
    assert(acl !== undefined, `the ACL ${id} is not in the model`);
    return acl;
  }

  #subnetsOf({ subnets }: Place): readonly Subnet[] {
    return subnets.flatMap((id) => {
      const subnet = this.#topology.subnets.get(id);
      return subnet === undefined ? [] : [subnet];
    });
  }
}

const hasIpv6 = (subnet: Subnet, place: Place): boolean =>
  place.hasIpv6 && subnet.ranges.some(({ family }) => family === 6);

/** The addresses that an interface may have in a subnet, of those that a rule names. */
function rangesOf(subnet: Subnet, place: Place, named: AddressRange | null): readonly AddressRange[] {
  return subnet.ranges.flatMap((range) => {
    if (range.family === 6 && !place.hasIpv6) return [];
    const common = named === null ? range : intersectRanges(range, named);
    return common === null ? [] : [common];
  });
}
