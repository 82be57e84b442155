import { type Finding, refuted } from "../../../rule.ts";
import { hostsOfTenant } from "../host-names.ts";
import { tenantStacks } from "../read-routing.ts";
import type { RoutingModel, StackRoutes } from "../routing-model.ts";
import { noTenantRule, routingRule, ruleType } from "../routing-rule.ts";

export const hostsFollowTheDefinition = routingRule({
  id: "routing/hosts-follow-the-definition",
  why: "a rule that answers for more than its tenant's hosts takes requests that are meant for others",
  fix: "give the rule a host condition with the parameter of the tenant's hosts, and the parameter the hosts of routing.tenantHosts",
  reads: [ruleType],
  idle: noTenantRule,
  *judge(model) {
    for (const routes of tenantStacks(model)) yield* judgeStack(model, routes);
  },
});

/** The hosts that a tenant's stack may answer for. Of a stack that any tenant may have, only what the definition gives. */
export function allowedHosts(
  { definition, shipment }: RoutingModel,
  { stack }: StackRoutes,
): ReadonlySet<string> {
  const isPlaced = shipment.tenants.has(stack.tenant ?? "");
  const tier = shipment.tiers.find(({ template }) => template === stack.template);
  const names = Object.entries(tier?.parameters ?? {}).filter(([, { kind }]) => kind === "hosts");
  const placed = names.flatMap(([name]) =>
    (stack.placed?.[name] ?? "").split(",").map((host) => host.trim()),
  );
  return hostsOfTenant(definition, stack, isPlaced ? placed : []);
}

function* judgeStack(model: RoutingModel, routes: StackRoutes): Iterable<Finding> {
  const allowed = allowedHosts(model, routes);
  const { tenant } = routes.stack;
  for (const { key, hosts } of routes.rules) {
    if (hosts === null)
      yield refuted(key, `it asks for no host: it takes the requests of every tenant after it`);
    for (const host of hosts ?? []) {
      if (!allowed.has(host)) yield refuted(key, `it answers for ${host}, which is no host of ${tenant}`);
    }
  }
  for (const { key, names } of routes.domains) {
    for (const name of names) {
      if (!allowed.has(name)) yield refuted(key, `it answers for ${name}, which is no host of ${tenant}`);
    }
  }
}
