import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import type { RoutingModel, StackRoutes } from "../routing-model.ts";
import { recordTypes, routingRule } from "../routing-rule.ts";
import { allowedHosts } from "./hosts-follow-the-definition.ts";

const addressTypes: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

export const recordsLeadToOwnCell = routingRule({
  id: "routing/records-lead-to-own-cell",
  why: "a record of a tenant that names another's host, or leads elsewhere, takes people away from where they belong",
  fix: "give the tenant records for its own hosts only, with the load balancer of its cell or the distribution as their target",
  reads: recordTypes,
  idle: (model) =>
    tenantStacks(model).some(({ records }) => records.length > 0) ? null : "no tenant has records of its own",
  *judge(model) {
    for (const routes of tenantStacks(model)) yield* judgeTenant(model, routes);
  },
});

function* judgeTenant(model: RoutingModel, routes: StackRoutes): Iterable<Finding> {
  const { records, stack } = routes;
  const allowed = allowedHosts(model, routes);
  for (const { key, name, targets, type } of records) {
    if (!allowed.has(name)) yield refuted(key, `it names ${name}, which is no host of ${stack.tenant}`);
    if (!addressTypes.has(type))
      yield refuted(key, `it is of the type ${type}, which a tenant has no use for`);
    if (targets.length === 0) yield refuted(key, "it leads nowhere");
    for (const target of targets) {
      const name = withoutPrefix(target);
      const balancer = model.loadBalancerNames.get(name)?.stack;
      if (balancer === undefined) {
        if (!model.distributionNames.has(name))
          yield refuted(key, `it leads to ${target}, which is none of the platform's`);
      } else if (balancer.area !== `cell-${stack.cell}` || balancer.region !== stack.region) {
        yield refuted(
          key,
          `the tenant is in cell-${stack.cell} of ${stack.region}, and it leads to ${balancer.area} of ${balancer.region}`,
        );
      }
    }
  }
}

/** The name without AWS's prefix for both kinds of addresses. */
export function withoutPrefix(target: string): string {
  return target.replace(/^dualstack\./, "");
}
