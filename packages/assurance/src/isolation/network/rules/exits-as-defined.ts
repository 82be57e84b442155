import { type Finding, refuted, unknown } from "../../../rule.ts";
import { containsRange, formatRange, parseRange } from "../address-range.ts";
import { carriersByGroup } from "../carried-groups.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { GroupRule, Interface, Traffic } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { tcp, trafficContains } from "../packet-box.ts";
import type { NetworkModel } from "../read-network.ts";

export const exitsAsDefined: NetworkRule = {
  id: "network/exits-as-defined",
  why: "what can call out where it was not meant to carries data out, and reaches whatever forgot to close its door",
  fix: "name the groups and ports that it calls; a group that calls nobody names 255.255.255.255/32, since AWS opens one without rules",
  judge: ({ network }) => {
    const carriers = carriersByGroup(network.interfaces);
    return [...network.groups.values()].flatMap((group) =>
      group.rules.flatMap((rule) =>
        rule.direction === "ingress" ? [] : judgeExit(network, rule, carriers.get(group.id) ?? []),
      ),
    );
  },
};

/** How far a kind of interface may go by address. By a group's name it goes only where that group lets it in. */
function judgeExit(
  network: NetworkModel,
  rule: GroupRule,
  carriers: readonly Interface[],
): readonly Finding[] {
  const { peer, traffic, where } = rule;
  if (peer.kind === "unknown") return [unknown(where, peer.why)];
  if (peer.kind === "group" || (peer.kind === "range" && isNowhere(peer.range))) {
    return carriers.flatMap((one) => (peer.kind === "group" ? wrongPorts(network, rule, one) : []));
  }
  const to = peer.kind === "range" ? formatRange(peer.range) : `the prefix list ${peer.id} (${peer.list})`;
  const wrong = carriers.find((one) => !mayGo(network, one, rule));
  if (wrong === undefined) return [];
  return [refuted(where, `${wrong.key} may open ${describeTraffic(traffic)} to ${to}, and was not meant to`)];
}

/** The one address that nobody has. */
const nowhere = parseRange("255.255.255.255/32");
const isNowhere = (range: Parameters<typeof formatRange>[0]): boolean =>
  nowhere.kind === "range" && containsRange(nowhere.range, range);

const https: Traffic = { protocols: { from: tcp, to: tcp + 1 }, ports: { from: 443, to: 444 } };

function mayGo({ definition, vpcs }: NetworkModel, one: Interface, { peer, traffic }: GroupRule): boolean {
  switch (one.kind) {
    case "tasks": {
      if (definition.services[one.name ?? ""]?.egress === "all") return true;
      if (peer.kind === "managed-list") return peer.list !== "cloudfront" && trafficContains(https, traffic);
      const inside = [...vpcs.values()].flatMap(({ ranges }) => ranges);
      return peer.kind === "range" && inside.some((range) => containsRange(range, peer.range));
    }
    // Secrets Manager and the services of AWS are behind HTTPS, by an endpoint or the NAT gateway.
    case "rotation":
    case "function":
      return trafficContains(https, traffic);
    case "instance":
      return definition.network.bastion !== null;
    default:
      return false;
  }
}

/** A load balancer sends to the ports of services and nowhere else. */
function wrongPorts(
  { definition }: NetworkModel,
  { traffic, where }: GroupRule,
  one: Interface,
): readonly Finding[] {
  if (one.kind !== "load-balancer") return [];
  const ports = Object.values(definition.services).map(({ port }) => port);
  const isPort = ports.some((port) =>
    trafficContains({ protocols: https.protocols, ports: { from: port, to: port + 1 } }, traffic),
  );
  return isPort
    ? []
    : [
        refuted(
          where,
          `the load balancer ${one.key} may open ${describeTraffic(traffic)}, which is no service's port`,
        ),
      ];
}
