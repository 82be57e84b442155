import { type AddressRange, addressRange, isInRange } from "./cidr.ts";
import type { NetworkSnapshot, SecurityGroupRule } from "./network-snapshot.ts";

/** The other side of a connection. */
export interface Peer {
  /** As a number; null where only the groups are known. */
  readonly address: number | null;
  readonly groups: readonly string[];
}

/** "maybe": only a list of addresses that AWS keeps could let it through. */
export type Permission = "yes" | "no" | "maybe";

/** Whether one of the groups lets a TCP connection through in the direction. Answers need no rule: groups are stateful. */
export function groupsAllow(
  { securityGroups }: Pick<NetworkSnapshot, "securityGroups">,
  groups: readonly string[],
  direction: "ingress" | "egress",
  connection: { readonly port: number; readonly peer: Peer },
): Permission {
  const rules = groups.flatMap((id) => securityGroups[id]?.[direction] ?? []);
  const permissions = new Set(rules.map((rule) => ruleAllows(rule, connection)));
  if (permissions.has("yes")) return "yes";
  return permissions.has("maybe") ? "maybe" : "no";
}

function ruleAllows(
  rule: SecurityGroupRule,
  { port, peer }: { readonly port: number; readonly peer: Peer },
): Permission {
  if (!coversPort(rule, port)) return "no";
  if (rule.groups.some((group) => peer.groups.includes(group))) return "yes";
  const { address } = peer;
  if (address !== null && rule.cidrs.some((cidr) => isInRange(address, addressRange(cidr)))) return "yes";
  return rule.prefixLists.length > 0 ? "maybe" : "no";
}

export function coversPort({ protocol, fromPort, toPort }: SecurityGroupRule, port: number): boolean {
  if (protocol === "-1") return true;
  if (protocol !== "tcp" && protocol !== "6") return false;
  return port >= (fromPort ?? 0) && port <= (toPort ?? 65_535);
}

/** Every range that a rule of the groups names in the direction. */
export function rangesOf(
  { securityGroups }: Pick<NetworkSnapshot, "securityGroups">,
  groups: readonly string[],
  direction: "ingress" | "egress",
): readonly AddressRange[] {
  const rules = groups.flatMap((id) => securityGroups[id]?.[direction] ?? []);
  return rules.flatMap(({ cidrs }) => cidrs.map(addressRange)).filter((range) => range !== null);
}

/** Such as "tcp 443 from sg-1, 10.0.0.0/16". */
export function describeRule(rule: SecurityGroupRule, direction: "ingress" | "egress"): string {
  const { protocol, fromPort, toPort, cidrs, groups, prefixLists } = rule;
  const ports =
    fromPort === null || protocol === "-1" ? "all ports" : portsText(fromPort, toPort ?? fromPort);
  const peers = [...groups, ...cidrs, ...prefixLists].join(", ") || "nobody";
  return `${protocol === "-1" ? "all protocols" : `${protocol} ${ports}`} ${direction === "ingress" ? "from" : "to"} ${peers}`;
}

export function portsText(from: number, to: number): string {
  return from === to ? String(from) : `${from}-${to}`;
}
