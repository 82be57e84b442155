import { type Finding, refuted, unknown } from "../../../rule.ts";
import { containsRange, formatRange } from "../address-range.ts";
import { describeTraffic } from "../describe-traffic.ts";
import { entrancePorts } from "../entrance-ports.ts";
import { knowsCloudFront } from "../known-prefix-lists.ts";
import type { GroupRule, Interface } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { tcp, trafficContains } from "../packet-box.ts";
import type { NetworkModel } from "../read-network.ts";

export const entranceAsDefined: NetworkRule = {
  id: "network/entrance-as-defined",
  why: "who comes past CloudFront comes past its firewall; who comes to another port comes past the listeners",
  fix: "let the load balancer's group name the listeners' ports only, and CloudFront's prefix list of the region where CloudFront stands before it",
  judge: ({ network }) =>
    network.interfaces.flatMap((one) => {
      if (one.kind !== "load-balancer") return [];
      if (one.groups === null)
        return [refuted(one.key, "has no security group, so everybody reaches every port")];
      const rules = one.groups.flatMap((id) => network.groups.get(id)?.rules ?? []);
      return rules.flatMap((rule) => (rule.direction === "egress" ? [] : judgeRule(network, one, rule)));
    }),
};

function judgeRule(network: NetworkModel, balancer: Interface, rule: GroupRule): readonly Finding[] {
  const { peer, traffic, where } = rule;
  if (peer.kind === "unknown") return [unknown(where, peer.why)];
  const isPort = entrancePorts(network.definition).some((port) =>
    trafficContains({ protocols: { from: tcp, to: tcp + 1 }, ports: { from: port, to: port + 1 } }, traffic),
  );
  const port = isPort
    ? []
    : [refuted(where, `lets ${describeTraffic(traffic)} in to ${balancer.key}, which is no listener's port`)];
  const stranger = strangerOf(network, balancer, rule);
  return [...port, ...(stranger === null ? [] : [refuted(where, `lets ${stranger} in to ${balancer.key}`)])];
}

/** Who is let in and was not meant to be; null where nobody is. */
function strangerOf(
  { definition, subnets, vpcs }: NetworkModel,
  balancer: Interface,
  { peer }: GroupRule,
): string | null {
  const vpc = vpcs.get(subnets.get(balancer.subnets[0] ?? "")?.vpc ?? "");
  const region = vpc?.region ?? "";
  const isBehind = definition.edge.cloudFront !== null && knowsCloudFront(region);
  switch (peer.kind) {
    case "range": {
      const isOwn = vpc?.ranges.some((range) => containsRange(range, peer.range)) === true;
      const isInternal = definition.routing.scheme === "internal";
      return isOwn ? null : isBehind || isInternal ? formatRange(peer.range) : null;
    }
    case "managed-list":
      if (peer.list !== "cloudfront") return `AWS's list of ${peer.list}`;
      return peer.region === region
        ? null
        : `CloudFront's list ${peer.id} of ${peer.region}, which is another region`;
    case "group":
      return null;
    case "unknown":
      return null;
  }
}
