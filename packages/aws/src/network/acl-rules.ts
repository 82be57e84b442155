import { type PlatformNetwork, type SubnetGroup, subnetGroups } from "@tenantry/model";
import { joinRanges } from "./address-range.ts";
import type { NetworkFlow } from "./network-flow.ts";

export interface AclRule {
  readonly direction: "inbound" | "outbound";
  /** Rules are read by rising number; the first that matches decides. */
  readonly number: number;
  readonly action: "allow" | "deny";
  readonly cidr: string;
  readonly what: Opening | { readonly protocol: "fragmentation-needed" };
}

/** Ports of a protocol, or everything. */
export type Opening =
  | { readonly protocol: "tcp" | "udp"; readonly from: number; readonly to: number }
  | { readonly protocol: "all" };

type Peer = SubnetGroup | "internet";
type Openings = ReadonlyMap<Peer, readonly Opening[]>;

const everywhere = "0.0.0.0/0";

/**
 * The ports on which answers come back. Load balancers, NAT gateways and Lambda use all of these:
 * https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
 */
const ephemeral = { from: 1024, to: 65_535 };

/**
 * The rules of one subnet group's network ACL. An ACL keeps no state, so every flow is named twice: the connection
 * there, and the answer back on an ephemeral port. It follows that an ACL cannot tell an answer from a connection to a
 * port of 1024 and above between groups that talk in that direction; security groups can, and do.
 *
 * Numbers leave gaps: 1000 for each group of the VPC as the other side, 100 for each of its ranges, 10 for each rule. What
 * is not named between the groups of the VPC is denied at 9000, before what is open to the internet.
 */
export function aclRules(
  group: SubnetGroup,
  flows: readonly NetworkFlow[],
  network: Pick<PlatformNetwork, "cidr" | "subnets" | "natGateways">,
): readonly AclRule[] {
  const { inbound, outbound } = openingsOf(group, flows, network.natGateways !== "none");
  return [...rulesOf("inbound", inbound, network), ...rulesOf("outbound", outbound, network)];
}

function openingsOf(
  group: SubnetGroup,
  flows: readonly NetworkFlow[],
  hasNat: boolean,
): { readonly inbound: Openings; readonly outbound: Openings } {
  const inbound = new Map<Peer, Opening[]>();
  const outbound = new Map<Peer, Opening[]>();
  const add = (openings: Map<Peer, Opening[]>, peer: Peer, more: readonly Opening[]) =>
    openings.set(peer, [...(openings.get(peer) ?? []), ...more]);
  for (const { from, to, port } of flows) {
    const far = to === "gateway-endpoints" ? "internet" : to;
    const request: readonly Opening[] =
      port === null ? [{ protocol: "all" }] : [{ protocol: "tcp", from: port, to: port }];
    const answer: readonly Opening[] = [
      { protocol: "tcp", ...ephemeral },
      ...(port === null ? [{ protocol: "udp", ...ephemeral } as const] : []),
    ];
    const isThroughNat = hasNat && group === "public" && from !== "public" && to === "internet";
    if (from === group || isThroughNat) {
      add(outbound, far, request);
      add(inbound, far, answer);
    }
    if (far === group || isThroughNat) {
      add(inbound, from, request);
      add(outbound, from, answer);
    }
  }
  return { inbound, outbound };
}

function rulesOf(
  direction: AclRule["direction"],
  openings: Openings,
  { cidr, subnets }: Pick<PlatformNetwork, "cidr" | "subnets">,
): readonly AclRule[] {
  const rules: AclRule[] = [];
  for (const [groupIndex, peer] of subnetGroups.entries()) {
    const what = merge(openings.get(peer) ?? []);
    const ranges = joinRanges((subnets[peer] ?? []).map((subnet) => subnet.cidr));
    for (const [rangeIndex, range] of ranges.entries()) {
      for (const [index, opening] of what.entries()) {
        const number = 1000 * (groupIndex + 1) + 100 * rangeIndex + 10 * index;
        rules.push({ direction, number, action: "allow", cidr: range, what: opening });
      }
    }
  }
  const internet = merge(openings.get("internet") ?? []);
  if (internet.length === 0) return rules;
  return [
    // Path MTU discovery: without it, connections to networks with smaller packets hang.
    { direction, number: 100, action: "allow", cidr: everywhere, what: { protocol: "fragmentation-needed" } },
    ...rules,
    { direction, number: 9000, action: "deny", cidr, what: { protocol: "all" } },
    ...internet.map((what, index): AclRule => ({
      direction,
      number: 10_000 + 10 * index,
      action: "allow",
      cidr: everywhere,
      what,
    })),
  ];
}

/** The fewest openings that let the same through. */
function merge(openings: readonly Opening[]): readonly Opening[] {
  if (openings.some(({ protocol }) => protocol === "all")) return [{ protocol: "all" }];
  return (["tcp", "udp"] as const).flatMap((protocol) => {
    const merged: { protocol: typeof protocol; from: number; to: number }[] = [];
    const ranges = openings.flatMap((opening) => (opening.protocol === protocol ? [opening] : []));
    for (const { from, to } of ranges.sort((a, b) => a.from - b.from)) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
      else merged.push({ protocol, from, to });
    }
    return merged;
  });
}
