import { type Finding, notApplicable } from "../../../rule.ts";
import { isBastion, ssh } from "../bastion.ts";
import { entrancePorts } from "../entrance-ports.ts";
import { knowsCloudFront } from "../known-prefix-lists.ts";
import { judgeConnections } from "../judge-connections.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";

export const internetReachesLoadBalancersOnly: NetworkRule = {
  id: "network/internet-reaches-load-balancers-only",
  why: "everything that the internet reaches is attacked every day; the load balancer is made for it, nothing else is",
  fix: "let only the load balancer's group name everybody, on the ports of its listeners; where CloudFront stands before it, let it name CloudFront's prefix list instead",
  judge: ({ network, connections }) => {
    const { definition } = network;
    const ports = entrancePorts(definition);
    const regions = dimRegions(network);
    const findings = judgeConnections(connections, (source, destination) => {
      if (typeof source !== "string") return null;
      if (isBastion(network, destination)) return [ssh];
      const isEntrance =
        destination.kind === "load-balancer" && definition.routing.scheme === "internet-facing";
      if (!isEntrance || destination.tenant !== null) return [];
      const isBehind =
        definition.edge.cloudFront !== null && !regions.has(regionOf(network, destination.subnets));
      return isBehind && source === "internet" ? [] : ports;
    });
    return [...findings, ...[...regions].map(dimFinding)];
  },
};

/** Regions of which nobody here knows CloudFront's prefix list: its header alone keeps others out. */
function dimRegions({ definition, vpcs }: NetworkModel): ReadonlySet<string> {
  if (definition.edge.cloudFront === null) return new Set();
  return new Set([...vpcs.values()].map(({ region }) => region).filter((region) => !knowsCloudFront(region)));
}

const dimFinding = (region: string): Finding =>
  notApplicable(
    region,
    "the id of CloudFront's prefix list in this region is not known, so the load balancer takes everybody who shows CloudFront's header",
  );

function regionOf({ subnets, vpcs }: NetworkModel, [id = ""]: readonly string[]): string {
  return vpcs.get(subnets.get(id)?.vpc ?? "")?.region ?? "";
}
