import { type Finding, refuted } from "../../../rule.ts";
import { everywhere, formatRange } from "../address-range.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { GroupRule, NetworkAcl, SecurityGroup } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { trafficContains } from "../packet-box.ts";
import { waysOf } from "../routing.ts";

export const ipv6AsClosedAsIpv4: NetworkRule = {
  id: "network/ipv6-as-closed-as-ipv4",
  why: "a rule for IPv6 that has no twin for IPv4 was forgotten by whoever closed the other, and opens with the first IPv6 address",
  fix: "take the IPv6 rule or route away, or write it as narrow as the one for IPv4",
  judge: ({ network }) => {
    const groups = [...network.groups.values()].flatMap((group) =>
      group.rules.flatMap((rule) => {
        if (rule.direction === "egress" || rule.peer.kind !== "range" || rule.peer.range.family === 4)
          return [];
        if (hasTwin(group, rule)) return [];
        const range = formatRange(rule.peer.range);
        return [
          refuted(
            rule.where,
            `lets ${describeTraffic(rule.traffic)} in from ${range}, and from no range of IPv4`,
          ),
        ];
      }),
    );
    const routes = [...network.subnets.values()].flatMap((subnet) => {
      const [internet6, internet4] = ([6, 4] as const).map((family) =>
        waysOf(network, subnet, everywhere(family)).find(({ target }) => target.kind === "internet-gateway"),
      );
      return internet6 !== undefined && internet4 === undefined
        ? [
            refuted(
              internet6.where,
              `leads IPv6 of the private subnet ${subnet.where} to an internet gateway`,
            ),
          ]
        : [];
    });
    return [...groups, ...routes, ...aclFindings(network.acls.values())];
  },
};

/** Everybody of IPv6 where everybody of IPv4 is let in to the same ports; a smaller range where some range is. */
function hasTwin({ rules }: SecurityGroup, { traffic, peer }: GroupRule): boolean {
  const isEverybody = peer.kind === "range" && peer.range.from === 0n && peer.range.to === everywhere(6).to;
  return rules.some((other) => {
    if (other.direction === "egress" || other.peer.kind !== "range" || other.peer.range.family === 6)
      return false;
    const { from, to } = other.peer.range;
    const isAll = from === 0n && to === everywhere(4).to;
    return trafficContains(other.traffic, traffic) && (isAll || !isEverybody);
  });
}

/** An ACL lets in of IPv6 what it lets in of IPv4. The default one, which lets everything in, is its own twin. */
function aclFindings(acls: Iterable<NetworkAcl>): readonly Finding[] {
  return [...acls].flatMap(({ entries, isDefault }) => {
    if (isDefault) return [];
    const allows = entries.flatMap(({ action, direction, match, where }) =>
      action === "allow" && match !== null ? [{ direction, match, where }] : [],
    );
    const v4 = allows.filter(({ match }) => match.range.family === 4);
    return allows.flatMap(({ direction, match, where }) => {
      if (match.range.family === 4) return [];
      const twin = v4.some(
        (one) => one.direction === direction && trafficContains(one.match.traffic, match.traffic),
      );
      return twin
        ? []
        : [refuted(where, `lets ${describeTraffic(match.traffic)} of IPv6 through, and none of IPv4`)];
    });
  });
}
