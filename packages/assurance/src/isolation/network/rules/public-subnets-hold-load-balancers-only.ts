import { refuted } from "../../../rule.ts";
import type { Interface } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";
import { leavesBy } from "../routing.ts";

export const publicSubnetsHoldLoadBalancersOnly: NetworkRule = {
  id: "network/public-subnets-hold-load-balancers-only",
  why: "in a subnet with a way to the internet only the security group stands between a database or task and everybody",
  fix: "put it into private subnets without a public address, and take routes to the internet gateway out of their route tables",
  judge: ({ network }) => [
    ...[...network.subnets.values()].flatMap(({ mapsPublicAddress, where }) =>
      mapsPublicAddress ? [refuted(where, "gives a public address to whatever is started in it")] : [],
    ),
    ...network.interfaces.flatMap((one) => {
      if (belongsThere(network, one)) return [];
      const address = one.isPublic ? [refuted(one.key, "may get a public address")] : [];
      const route = one.subnets.flatMap((id) => {
        const subnet = network.subnets.get(id);
        const way = subnet === undefined ? undefined : leavesBy(network, subnet, ["internet-gateway"]);
        if (subnet === undefined || way === undefined) return [];
        return [
          refuted(
            one.key,
            `is in the subnet ${subnet.where}, which has a route to the internet: ${way.where}`,
          ),
        ];
      });
      return [...address, ...route.slice(0, 1)];
    }),
  ],
};

function belongsThere({ definition }: NetworkModel, { kind, tenant }: Interface): boolean {
  switch (kind) {
    case "load-balancer":
      return definition.routing.scheme === "internet-facing";
    case "nat-gateway":
      return true;
    case "instance":
      return tenant === null && definition.network.bastion !== null;
    default:
      return false;
  }
}
