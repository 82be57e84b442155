import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { formatRange } from "../address-range.ts";
import { answers, errorMessages } from "../acl-answers.ts";
import type { Connection } from "../connections.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { Interface, NetworkAcl, Subnet, Traffic } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { allowedByAcl, subtractTraffic, tcp } from "../packet-box.ts";
import type { NetworkModel } from "../read-network.ts";

export const aclFlowsAsNeeded: NetworkRule = {
  id: "network/acl-flows-as-needed",
  why: "an ACL that lets two groups of subnets talk which have nothing to say to each other stops nobody who got into one of them",
  fix: "deny the range of the VPC behind the entries for the named flows and before those for the internet",
  judge: ({ network, connections }) => {
    if (network.definition.network.networkAcls === "open") {
      return [
        notApplicable(
          network.definition.name,
          "the definition leaves it to security groups (networkAcls: open)",
        ),
      ];
    }
    const talk = new Talk(network, connections);
    return [...network.vpcs.values()].flatMap((vpc) => {
      const subnets = [...network.subnets.values()].filter((subnet) => subnet.vpc === vpc.id);
      return subnets.some((subnet) => talk.isInUse(subnet)) ? judgeVpc(network, subnets, talk) : [];
    });
  },
};

/** Who behind which ACL opens connections to whom: subnets with the same ACL are of one group, and have the same needs. */
class Talk {
  readonly #pairs = new Set<string>();
  readonly #kinds = new Map<string, Set<Interface["kind"]>>();
  readonly #ports = new Map<string, Set<number>>();

  constructor({ interfaces, subnets }: NetworkModel, connections: readonly Connection[]) {
    const aclsOf = (ids: readonly string[]) => new Set(ids.map((id) => subnets.get(id)?.acl ?? ""));
    const talks = (from: readonly string[], to: readonly string[]) => {
      for (const one of aclsOf(from)) for (const other of aclsOf(to)) this.#pairs.add(`${one} ${other}`);
    };
    for (const { source, destination } of connections) {
      if (typeof source !== "string") talks(source.like.subnets, destination.like.subnets);
    }
    for (const one of interfaces) {
      // The nodes of a store talk among themselves.
      if (one.kind === "store") talks(one.subnets, one.subnets);
      for (const acl of aclsOf(one.subnets)) {
        setOf(this.#kinds, acl).add(one.kind);
        for (const port of one.ports) setOf(this.#ports, acl).add(port);
      }
    }
  }

  /** A region of standby is empty until it is needed: nobody can tell yet who will talk to whom. */
  isInUse = (subnet: Subnet): boolean => this.#holds(subnet, "load-balancer") || this.#holds(subnet, "tasks");

  hasNat = (subnet: Subnet): boolean => this.#holds(subnet, "nat-gateway");

  /** Everybody may call an endpoint. */
  opens = (from: Subnet, to: Subnet): boolean =>
    this.#pairs.has(`${from.acl} ${to.acl}`) || this.#holds(to, "endpoint");

  portsIn = ({ acl }: Subnet): readonly Traffic[] =>
    [...(this.#ports.get(acl) ?? [])].map((port) => ({
      protocols: { from: tcp, to: tcp + 1 },
      ports: { from: port, to: port + 1 },
    }));

  #holds({ acl }: Subnet, kind: Interface["kind"]): boolean {
    return this.#kinds.get(acl)?.has(kind) === true;
  }
}

function setOf<One>(sets: Map<string, Set<One>>, key: string): Set<One> {
  const set = sets.get(key) ?? new Set<One>();
  sets.set(key, set);
  return set;
}

function judgeVpc({ acls }: NetworkModel, subnets: readonly Subnet[], talk: Talk): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const here of subnets) {
    const acl = acls.get(here.acl);
    if (acl === undefined || acl.isDefault) continue;
    for (const there of subnets) {
      if (there.id === here.id) continue;
      for (const finding of judgePair(acl, here, there, talk)) found.set(finding.subject, finding);
    }
  }
  return [...found.values()];
}

function judgePair(acl: NetworkAcl, here: Subnet, there: Subnet, talk: Talk): readonly Finding[] {
  // What goes to the internet comes to the NAT gateway from the VPC on every port, and its answers go back.
  const hasNat = talk.hasNat(here);
  const into = [...talk.portsIn(here), ...(talk.opens(here, there) ? answers : [])];
  const out = [...talk.portsIn(there), ...(talk.opens(there, here) || hasNat ? answers : [])];
  return [
    ...(hasNat ? [] : judgeWay(acl, "inbound", there, into, `from ${there.where} to ${here.where}`)),
    ...judgeWay(acl, "outbound", there, out, `from ${here.where} to ${there.where}`),
  ];
}

function judgeWay(
  acl: NetworkAcl,
  direction: "inbound" | "outbound",
  there: Subnet,
  needed: readonly Traffic[],
  way: string,
): readonly Finding[] {
  return allowedByAcl(acl, direction, there.ranges, "certain").flatMap(({ range, traffic, by }) => {
    const [beyond] = [...needed, ...errorMessages].reduce<readonly Traffic[]>(
      (left, one) => left.flatMap((part) => subtractTraffic(part, one)),
      [traffic],
    );
    if (beyond === undefined) return [];
    const what = `lets ${describeTraffic(beyond)} pass ${way} (${formatRange(range)})`;
    return [refuted(by[0] ?? acl.where, `${what}, where nobody opens such a connection`)];
  });
}
