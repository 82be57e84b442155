import { everywhere, intersectRanges, subtractRange } from "./address-range.ts";
import type { AddressRange, Route, RouteTarget, Subnet, Topology, Vpc } from "./network-model.ts";
import type { Bound } from "./packet-box.ts";

/** Where packets to some addresses go. */
export interface Way {
  readonly range: AddressRange;
  readonly target: RouteTarget | { readonly kind: "local" };
  /** The route, or the local one that every table has. */
  readonly where: string;
}

/** How a subnet's packets to a range are led: the route with the longest prefix decides, so the ways are disjoint. */
export function waysOf(topology: Topology, subnet: Subnet, range: AddressRange): readonly Way[] {
  const table = topology.routeTables.get(subnet.routeTable);
  const vpc = topology.vpcs.get(subnet.vpc);
  if (table === undefined || vpc === undefined) return [];
  const ways: Way[] = [];
  let left: readonly AddressRange[] = [range];
  for (const { destination, ...way } of inOrder(table.routes, vpc)) {
    for (const part of left) {
      const common = intersectRanges(part, destination);
      if (common !== null) ways.push({ range: common, ...way });
    }
    left = left.flatMap((part) => subtractRange(part, destination));
  }
  return ways;
}

interface OrderedRoute extends Omit<Way, "range"> {
  readonly destination: AddressRange;
}

/** Smaller ranges first; a route that names the range of the VPC itself stands in the place of the local one. */
function inOrder(routes: readonly Route[], vpc: Vpc): readonly OrderedRoute[] {
  const written = routes.flatMap(({ destination, target, where }): OrderedRoute[] =>
    destination === null ? [] : [{ destination, target, where }],
  );
  const local = vpc.ranges.map((destination) => ({
    destination,
    target: { kind: "local" } as const,
    where: `the local route of ${vpc.where}`,
  }));
  const size = ({ destination: { from, to } }: OrderedRoute) => to - from;
  return [...written, ...local].toSorted((a, b) => (size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : 0));
}

/**
 * The part of a range that a subnet's packets reach in another subnet: by the local route, or through a peering of the two
 * VPCs. Middleboxes may pass packets on; that is possible, and never certain. So is a list whose addresses are not known.
 */
export function delivered(
  topology: Topology,
  from: Subnet,
  to: Subnet,
  range: AddressRange,
  bound: Bound,
): readonly Way[] {
  const ways = waysOf(topology, from, range).filter(({ target }) =>
    delivers(topology, from, to, target, bound),
  );
  if (bound === "certain" || ways.length > 0) return ways;
  const table = topology.routeTables.get(from.routeTable);
  const dark = table?.routes.find(
    ({ destination, target }) => destination === null && target.kind === "unknown",
  );
  return dark === undefined ? [] : [{ range, target: dark.target, where: dark.where }];
}

function delivers(
  { peerings }: Topology,
  from: Subnet,
  to: Subnet,
  target: Way["target"],
  bound: Bound,
): boolean {
  switch (target.kind) {
    case "local":
      return from.vpc === to.vpc;
    case "peering": {
      const peering = peerings.get(target.id);
      if (peering === undefined) return false;
      const ends = [peering.vpc, peering.peerVpc];
      return from.vpc !== to.vpc && ends.includes(from.vpc) && ends.includes(to.vpc);
    }
    case "transit-gateway":
    case "virtual-gateway":
    case "interface":
    case "endpoint":
    case "other":
    case "unknown":
      return bound === "possible";
    case "internet-gateway":
    case "egress-only":
    case "nat":
    case "blackhole":
      return false;
  }
}

/** Whether any packet of the family leaves the subnet to the internet by such a target. */
export function leavesBy(
  topology: Topology,
  subnet: Subnet,
  kinds: readonly RouteTarget["kind"][],
): Way | undefined {
  return ([4, 6] as const)
    .flatMap((family) => waysOf(topology, subnet, everywhere(family)))
    .find(({ target }) => kinds.some((kind) => kind === target.kind));
}
