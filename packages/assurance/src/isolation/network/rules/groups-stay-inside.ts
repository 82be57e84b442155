import { type Finding, refuted } from "../../../rule.ts";
import { containsRange, formatRange } from "../address-range.ts";
import { isBastion } from "../bastion.ts";
import { carriersByGroup } from "../carried-groups.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { AddressRange, GroupRule, Interface } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";

/**
 * Where no public address is behind it today, such a rule is only a door without a house; it waits for the day on which
 * somebody peers the VPC or gives the database a public address.
 */
export const groupsStayInside: NetworkRule = {
  id: "network/groups-stay-inside",
  why: "an address of an office or a group of another account in a rule is a door for whoever has that address or group later",
  fix: "let in groups of the platform only; who must come from outside comes through the load balancer",
  judge: ({ network }) => {
    const carriers = carriersByGroup(network.interfaces);
    const inside = [...network.vpcs.values()].flatMap(({ ranges }) => ranges);
    return [...network.groups.values()].flatMap((group) => {
      const isEntrance = (carriers.get(group.id) ?? []).some((one) => letsOutsideIn(network, one));
      return group.rules.flatMap((rule) =>
        rule.direction === "egress" ? [] : judgeRule(network, rule, inside, isEntrance),
      );
    });
  },
};

const letsOutsideIn = (network: NetworkModel, one: Interface): boolean =>
  one.kind === "load-balancer" || isBastion(network, one);

function judgeRule(
  { groups }: NetworkModel,
  { peer, traffic, where }: GroupRule,
  inside: readonly AddressRange[],
  isEntrance: boolean,
): readonly Finding[] {
  const lets = `lets ${describeTraffic(traffic)} in from`;
  switch (peer.kind) {
    case "range":
      return isEntrance || inside.some((range) => containsRange(range, peer.range))
        ? []
        : [refuted(where, `${lets} ${formatRange(peer.range)}, which is not inside of the platform's VPCs`)];
    case "group":
      return groups.has(peer.group)
        ? []
        : [refuted(where, `${lets} the group ${peer.group}, which no template makes`)];
    case "managed-list":
      return isEntrance ? [] : [refuted(where, `${lets} AWS's list ${peer.id} (${peer.list})`)];
    // What cannot be read is told by another rule.
    case "unknown":
      return [];
  }
}
