import { carriersByGroup } from "./carried-groups.ts";
import type { GroupRule, Interface, Peer, Topology } from "./network-model.ts";
import { type Bound, subtractTraffic } from "./packet-box.ts";
import type { NetworkModel } from "./read-network.ts";
import type { RuleChoice } from "./group-openings.ts";
import type { Opening } from "./openings.ts";
import { type Outside, Reachability } from "./reachability.ts";

/** Interfaces that differ by nothing that the network or a rule asks about, except by their tenant. */
export interface Party {
  /** Any of them. */
  readonly like: Interface;
  readonly members: readonly Interface[];
}

/** Connections that can be opened between any two members. */
export interface Connection {
  readonly source: Party | Outside;
  readonly destination: Party;
  readonly openings: readonly Opening[];
  /** False where it only may be, because something on the way is unknown. */
  readonly isCertain: boolean;
}

/**
 * A group that so few interfaces carry is looked at for each of them. A group that more carry (the one that all clients of
 * a database carry) is the same for all of them, and they are looked at together.
 */
const fewCarriers = 8;

/** Gateways and endpoints open no connections, and are there for everybody in the VPC. */
const isParty = ({ kind }: Interface): boolean => kind !== "nat-gateway" && kind !== "endpoint";

/** Every connection that can be opened, from the internet and between interfaces. */
export function connectionsOf(model: NetworkModel): readonly Connection[] {
  const search = new Search(model);
  return [...search.fromOutside(), ...search.betweenParties(), ...search.byPrivateGroups()];
}

class Search {
  readonly #topology: Topology;
  readonly #reachability: Reachability;
  readonly #hasUnknowns: boolean;
  readonly #carriers: ReadonlyMap<string, readonly Interface[]>;
  readonly #interfaces: readonly Interface[];
  readonly #parties: readonly Party[];
  readonly #rulesOf = new Map<string, string>();

  constructor(model: NetworkModel) {
    this.#topology = model;
    this.#reachability = new Reachability(model);
    this.#hasUnknowns = model.gaps.length > 0 || hasDarkRoutes(model);
    this.#interfaces = model.interfaces.filter(isParty);
    this.#carriers = carriersByGroup(this.#interfaces);
    this.#parties = this.#partition(model.interfaces);
  }

  *fromOutside(): Iterable<Connection> {
    for (const destination of this.#parties) {
      for (const source of ["internet", "cloudfront"] as const) {
        yield* this.#connections(source, destination, (bound) =>
          this.#reachability.openingsFromOutside(source, destination.like, bound),
        );
      }
    }
  }

  /** Pairs of parties, by the rules that are the same for all members. */
  *betweenParties(): Iterable<Connection> {
    const parties = this.#parties.filter(({ like }) => isParty(like));
    const open = (direction: GroupRule["direction"]) =>
      parties.filter(({ like }) => this.#hasCommonRule(like, direction));
    const destinations = open("ingress");
    for (const source of open("egress")) {
      for (const destination of destinations) {
        yield* this.#connections(source, destination, (bound) =>
          this.#reachability.openings(source.like, destination.like, bound, this.#byCommonRules),
        );
      }
    }
  }

  /** Pairs of interfaces of which one names a group of the other that few carry. */
  *byPrivateGroups(): Iterable<Connection> {
    const byKey = new Map(this.#interfaces.map((one) => [one.key, one]));
    const pairs = new Map<string, readonly [Interface, Interface]>();
    for (const one of byKey.values()) {
      for (const { direction, peer } of this.#rules(one)) {
        if (peer.kind !== "group" || !this.#isPrivate(peer)) continue;
        for (const other of this.#carriers.get(peer.group) ?? []) {
          const [source, destination] = direction === "ingress" ? [other, one] : [one, other];
          pairs.set(`${source.key} ${destination.key}`, [source, destination]);
        }
      }
    }
    for (const [source, destination] of pairs.values()) {
      yield* this.#connections(alone(source), alone(destination), (bound) =>
        this.#reachability.openings(source, destination, bound, this.#byPrivateRules),
      );
    }
  }

  readonly #byPrivateRules: RuleChoice = (egress, ingress) =>
    this.#isPrivate(egress) || this.#isPrivate(ingress);
  readonly #byCommonRules: RuleChoice = (egress, ingress) => !this.#byPrivateRules(egress, ingress);

  #isPrivate(peer: Peer | null): boolean {
    return peer?.kind === "group" && (this.#carriers.get(peer.group)?.length ?? 0) <= fewCarriers;
  }

  #connections(
    source: Connection["source"],
    destination: Party,
    openings: (bound: Bound) => readonly Opening[],
  ): readonly Connection[] {
    const certain = openings("certain");
    const found: Connection[] = [];
    if (certain.length > 0) found.push({ source, destination, openings: certain, isCertain: true });
    if (!this.#hasUnknowns) return found;
    const more = openings("possible").filter(({ traffic }) => !isCovered([traffic], certain));
    if (more.length > 0) found.push({ source, destination, openings: more, isCertain: false });
    return found;
  }

  #partition(interfaces: readonly Interface[]): readonly Party[] {
    return [...Map.groupBy(interfaces, (one) => this.#signature(one)).values()].flatMap((members) => {
      const [like] = members;
      return like === undefined ? [] : [{ like, members }];
    });
  }

  /** Equal for interfaces that nothing tells apart but their tenants and the groups that few carry. */
  #signature(one: Interface): string {
    const owner = one.tenant === null ? one.key : `tenant ${one.key.slice(one.stack.length)}`;
    const groups = (one.groups ?? ["none"]).map((id) => {
      const isCommon = (this.#carriers.get(id)?.length ?? 0) > fewCarriers;
      return isCommon || !this.#topology.groups.has(id) ? id : this.#commonRulesOf(id);
    });
    return [
      owner,
      ...[one.kind, one.name, one.tier, one.cell, one.role, one.isPublic, one.hasIpv6].map(String),
      one.subnets.join(","),
      ...groups.toSorted(),
    ].join("|");
  }

  #commonRulesOf(id: string): string {
    let text = this.#rulesOf.get(id);
    if (text === undefined) {
      const rules = this.#topology.groups.get(id)?.rules ?? [];
      text = rules
        .filter(({ peer }) => !this.#isPrivate(peer))
        .map(ruleText)
        .join(";");
      this.#rulesOf.set(id, text);
    }
    return text;
  }

  #hasCommonRule(one: Interface, direction: GroupRule["direction"]): boolean {
    const isKnown = one.groups?.every((id) => this.#topology.groups.has(id)) ?? false;
    return (
      !isKnown || this.#rules(one).some((rule) => rule.direction === direction && !this.#isPrivate(rule.peer))
    );
  }

  #rules({ groups }: Interface): readonly GroupRule[] {
    return (groups ?? []).flatMap((id) => this.#topology.groups.get(id)?.rules ?? []);
  }
}

const alone = (one: Interface): Party => ({ like: one, members: [one] });

/** Routes of which nobody can say where they end. */
function hasDarkRoutes({ routeTables }: Topology): boolean {
  const dark = ["transit-gateway", "virtual-gateway", "interface", "endpoint", "other", "unknown"];
  return [...routeTables.values()].some(({ routes }) =>
    routes.some(({ destination, target }) => destination !== null && dark.includes(target.kind)),
  );
}

function isCovered(left: readonly Opening["traffic"][], by: readonly Opening[]): boolean {
  return (
    by.reduce((rest, { traffic }) => rest.flatMap((one) => subtractTraffic(one, traffic)), left).length === 0
  );
}

function ruleText({ direction, traffic, peer }: GroupRule): string {
  const { protocols, ports } = traffic;
  return `${direction} ${protocols.from}-${protocols.to} ${ports.from}-${ports.to} ${peerText(peer)}`;
}

function peerText(peer: Peer): string {
  switch (peer.kind) {
    case "range":
      return `${peer.range.family} ${peer.range.from}-${peer.range.to}`;
    case "group":
      return peer.group;
    case "managed-list":
      return peer.id;
    case "unknown":
      return "unknown";
  }
}
