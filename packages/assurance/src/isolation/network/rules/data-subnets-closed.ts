import { notApplicable, refuted } from "../../../rule.ts";
import { formatRange } from "../address-range.ts";
import type { Interface, Subnet } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";
import { leavesBy } from "../routing.ts";

export const dataSubnetsClosed: NetworkRule = {
  id: "network/data-subnets-closed",
  why: "a database that is taken over can send its data out as soon as its subnet has a way out",
  fix: "take every route but the local one and those of endpoints out of the route tables of data subnets",
  judge: ({ network }) => {
    const subnets = dataSubnets(network);
    if (subnets.length === 0) {
      const subject = network.definition.name;
      const why =
        "no subnets are the databases' own: they share those of the services, whose way out is by design, and their own groups let nothing out";
      return [notApplicable(subject, why)];
    }
    return subnets.flatMap((subnet) => {
      const way = leavesBy(network, subnet, ["internet-gateway", "nat", "egress-only"]);
      return way === undefined ? [] : [refuted(subnet.where, `leads to the internet by ${way.where}`)];
    });
  },
};

const isData = ({ kind }: Interface): boolean => kind === "store" || kind === "store-proxy";
const isNeutral = ({ kind }: Interface): boolean =>
  kind === "rotation" || kind === "endpoint" || kind === "other";

/** The subnets that the definition calls the databases', and those in which only stores stand. */
function dataSubnets({ definition, interfaces, subnets, vpcs }: NetworkModel): readonly Subnet[] {
  const named = new Set(
    [definition.network, definition.recovery?.network].flatMap((network) =>
      (network?.subnets.database ?? []).map(({ cidr }) => cidr),
    ),
  );
  const others = new Set(
    interfaces.filter((one) => !isData(one) && !isNeutral(one)).flatMap((one) => one.subnets),
  );
  const stores = new Set(interfaces.filter(isData).flatMap((one) => one.subnets));
  // A region of standby holds databases and no services yet; where they will stand, the definition says.
  const shared = new Set(
    [definition.network, definition.recovery?.network].flatMap((network) =>
      Object.entries(network?.subnets ?? {}).flatMap(([group, list]) =>
        group === "database" ? [] : (list ?? []).map(({ cidr }) => cidr),
      ),
    ),
  );
  return [...subnets.values()].filter((subnet) => {
    const cidrs = subnet.ranges.map(formatRange);
    if (!vpcs.has(subnet.vpc)) return false;
    if (cidrs.some((cidr) => named.has(cidr))) return true;
    return stores.has(subnet.id) && !others.has(subnet.id) && !cidrs.some((cidr) => shared.has(cidr));
  });
}
