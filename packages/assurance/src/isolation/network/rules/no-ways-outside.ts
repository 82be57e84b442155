import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { Route } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";

export const noWaysOutside: NetworkRule = {
  id: "network/no-ways-outside",
  why: "a peering, transit gateway or appliance joins networks of which nobody here can say who is in them",
  fix: "take the route away; where the networks belong together, name the transit gateway in the definition",
  judge: ({ network }) =>
    [...network.routeTables.values()].flatMap(({ routes }) =>
      routes.flatMap((route) => judgeRoute(network, route)),
    ),
};

function judgeRoute(network: NetworkModel, route: Route): readonly Finding[] {
  const { destinationText, target, where } = route;
  const leads = `leads ${destinationText} to`;
  switch (target.kind) {
    case "internet-gateway":
    case "egress-only":
    case "nat":
    case "blackhole":
      return [];
    case "peering":
      return judgePeering(network, route);
    case "transit-gateway":
      return network.definition.network.transitGateway === null
        ? [refuted(where, `${leads} the transit gateway ${target.id}, which the definition does not name`)]
        : [unknown(where, `who is behind the transit gateway ${target.id}`)];
    case "virtual-gateway":
      return [refuted(where, `${leads} the virtual private gateway ${target.id}`)];
    case "endpoint":
      return [refuted(where, `${leads} the gateway load balancer endpoint ${target.id}`)];
    case "interface":
      return [refuted(where, `${leads} the interface or instance ${target.id}`)];
    case "other":
      return [refuted(where, `${leads} ${target.id}, outside of the platform`)];
    case "unknown":
      return [unknown(where, `where ${destinationText} is led`)];
  }
}

/** Between two VPCs of the platform what is reached is computed; outside of it nobody can. */
function judgePeering(
  { peerings, vpcs }: NetworkModel,
  { destinationText, target, where }: Route,
): readonly Finding[] {
  const peering = peerings.get(target.id);
  if (peering !== undefined && vpcs.has(peering.vpc) && vpcs.has(peering.peerVpc)) return [];
  const peer = peering === undefined ? target.id : peering.peerVpc;
  return [
    refuted(where, `leads ${destinationText} through a peering to ${peer}, which is no VPC of the platform`),
  ];
}
