import { resourceMark } from "../../artifacts/mark.ts";
import type { Shipment } from "../../artifacts/shipment.ts";
import { readRoutes } from "./read-routes.ts";
import type { RoutingModel, StackRoutes } from "./routing-model.ts";

/** Reads a shipment once for all rules of routing. */
export function readRouting(shipment: Shipment): RoutingModel {
  const shared = shipment.shared.map(readRoutes);
  const anyTenants = shipment.tiers.map((tier) => ({
    tier,
    a: readRoutes(tier.anyTenant("a")),
    b: readRoutes(tier.anyTenant("b")),
  }));
  const placed = [...shipment.tenants.values()].flatMap(({ stacks }) => stacks.map(readRoutes));
  const all = [...shared, ...anyTenants.map(({ a }) => a), ...placed];
  return {
    shipment,
    definition: shipment.definition,
    shared,
    anyTenants,
    placed,
    listeners: byArn(shared.flatMap(({ listeners }) => listeners)),
    targetGroups: byArn(shared.flatMap(({ targetGroups }) => targetGroups)),
    loadBalancerNames: new Map(
      shared.flatMap(({ loadBalancers }) =>
        loadBalancers.map((one) => [resourceMark(one.key, "DNSName"), one] as const),
      ),
    ),
    distributionNames: new Map(
      shared.flatMap(({ distributions }) =>
        distributions.map((one) => [`${resourceMark(one.key, "DomainName")}.cloudfront.net`, one] as const),
      ),
    ),
    gaps: all.flatMap(({ gaps }) => gaps),
  };
}

function byArn<One extends { readonly arn: string }>(all: readonly One[]): ReadonlyMap<string, One> {
  return new Map(all.map((one) => [one.arn, one]));
}

/** Every stack whose tenant is told from others: any tenant's and those of the placed ones. */
export function tenantStacks({ anyTenants, placed }: RoutingModel): readonly StackRoutes[] {
  return [...anyTenants.map(({ a }) => a), ...placed];
}
