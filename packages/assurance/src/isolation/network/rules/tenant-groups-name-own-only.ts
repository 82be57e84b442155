import { type Finding, refuted, unknown } from "../../../rule.ts";
import { formatRange } from "../address-range.ts";
import { carriersByGroup } from "../carried-groups.ts";
import type { GroupRule, Interface, Peer, SecurityGroup } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";

type Carriers = ReadonlyMap<string, readonly Interface[]>;

/**
 * Apart from what can be reached today: a rule that names a range or a foreign group opens the tenant as soon as
 * somebody changes a route or gives the group to something else.
 */
export const tenantGroupsNameOwnOnly: NetworkRule = {
  id: "network/tenant-groups-name-own-only",
  why: "a tenant's group that names a range or somebody else's group lets in whoever gets an address or that group",
  fix: "name only groups of the same stack, the load balancer of the tenant's cell, and callers in allowFrom",
  judge: ({ network }) => {
    const carriers = carriersByGroup(network.interfaces);
    return [...network.groups.values()].flatMap((group) =>
      group.tenant === null ? [] : group.rules.flatMap((rule) => judgeRule(network, carriers, group, rule)),
    );
  },
};

function judgeRule(
  network: NetworkModel,
  carriers: Carriers,
  group: SecurityGroup,
  rule: GroupRule,
): readonly Finding[] {
  const { direction, peer, where } = rule;
  if (peer.kind === "unknown") return [unknown(where, peer.why)];
  if (peer.kind === "group") {
    const why =
      direction === "ingress"
        ? strangerIn(network, carriers, group, peer.group)
        : strangerOut(network, group, peer.group);
    return why === null ? [] : [refuted(where, `the group of ${group.tenant} ${why}`)];
  }
  if (direction === "egress") return [];
  return [refuted(where, `the group of ${group.tenant} lets in ${peerName(peer)}`)];
}

const peerName = (peer: Exclude<Peer, { kind: "group" | "unknown" }>): string =>
  peer.kind === "range" ? formatRange(peer.range) : `the prefix list ${peer.id} (${peer.list})`;

/** Why the group that a rule lets in is a stranger's; null where it is not. */
function strangerIn(
  { definition, groups }: NetworkModel,
  carriers: Carriers,
  group: SecurityGroup,
  named: string,
): string | null {
  const peer = groups.get(named);
  if (peer === undefined) return `lets in ${named}, which no template makes`;
  if (peer.isDefault) return `lets in ${peer.where}`;
  if (peer.stack === group.stack) return null;
  const own = carriers.get(group.id) ?? [];
  const callers = carriers.get(named) ?? [];
  const allowed = new Set(own.flatMap(({ name }) => definition.services[name ?? ""]?.allowFrom ?? []));
  const isCaller = (one: Interface) =>
    one.tenant === null &&
    ((one.kind === "load-balancer" &&
      allowed.has("load-balancer") &&
      own.every(({ cell }) => cell === one.cell)) ||
      (one.kind === "tasks" && one.name !== null && allowed.has(one.name)));
  if (callers.length > 0 && callers.every(isCaller)) return null;
  return `lets in the group ${peer.where}, which is no caller of it`;
}

/** Clients of what tenants share carry groups of the shared stacks; a rule out that names another tenant's is no client's. */
function strangerOut({ groups }: NetworkModel, group: SecurityGroup, named: string): string | null {
  const peer = groups.get(named);
  if (peer === undefined) return `sends to ${named}, which no template makes`;
  if (peer.tenant !== null && peer.tenant !== group.tenant) return `sends to the group ${peer.where}`;
  return null;
}
