import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import type { RoutingModel, StackRoutes } from "../routing-model.ts";
import { balancing, listenerType, noLoadBalancer, routingRule, ruleType } from "../routing-rule.ts";

export const rulesOnOwnCell = routingRule({
  id: "routing/rules-on-own-cell",
  why: "a rule in the listener of another cell answers there for hosts that are not that cell's, and its own cell sends nothing to the tenant",
  fix: "take the listener from the value of the tenant's cell",
  reads: [ruleType, `${balancing}ListenerCertificate`, listenerType],
  idle: noLoadBalancer,
  *judge(model) {
    for (const routes of tenantStacks(model)) yield* judgeTenant(model, routes);
    for (const { stack, rules } of model.shared) {
      for (const { key, listener } of rules) {
        const found = model.listeners.get(listener);
        if (found === undefined) yield refuted(key, `its listener ${listener} is none of the platform's`);
        else if (found.stack.region !== stack.region) {
          yield refuted(
            key,
            `it stands in ${stack.region}, and its listener ${found.key} in ${found.stack.region}`,
          );
        }
      }
    }
  },
});

function* judgeTenant(model: RoutingModel, routes: StackRoutes): Iterable<Finding> {
  const { stack, rules, listenerCertificates, listeners, loadBalancers } = routes;
  for (const { key, listener } of [...rules, ...listenerCertificates]) {
    const found = model.listeners.get(listener);
    if (found === undefined) {
      yield refuted(key, `its listener ${listener} is none of the platform's`);
      continue;
    }
    const { area, region } = found.stack;
    if (area !== `cell-${stack.cell}` || region !== stack.region) {
      yield refuted(
        key,
        `the tenant is in cell-${stack.cell} of ${stack.region}, and its listener ${found.key} in ${area} of ${region}`,
      );
    }
    const protocol = model.definition.routing.listener.toUpperCase();
    if (found.protocol !== protocol) {
      yield refuted(
        key,
        `its listener ${found.key} takes ${found.protocol}, and requests come by ${protocol}`,
      );
    }
  }
  for (const { key, loadBalancer } of listeners) {
    if (loadBalancers.some(({ arn }) => arn === loadBalancer)) continue;
    yield refuted(key, `it opens another port of ${loadBalancer}, which is not the tenant's own`);
  }
}
