import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import type { LoadBalancer } from "../routing-model.ts";
import { balancing, noLoadBalancer, routingRule } from "../routing-rule.ts";

export const loadBalancersRefuseSmuggling = routingRule({
  id: "routing/load-balancers-refuse-smuggling",
  why: "a request that load balancer and service read differently hides a second one, which is taken for the next person's",
  fix: "set routing.http.desync_mitigation_mode to strictest or defensive, and drop invalid header fields",
  reads: [`${balancing}LoadBalancer`],
  idle: noLoadBalancer,
  *judge(model) {
    for (const { loadBalancers } of [...model.shared, ...tenantStacks(model)]) {
      for (const loadBalancer of loadBalancers) yield* judgeLoadBalancer(loadBalancer);
    }
  },
});

function* judgeLoadBalancer({ attributes, key, type }: LoadBalancer): Iterable<Finding> {
  if (type !== "application") return;
  // Defensive is AWS's default, and letting invalid header fields through is too.
  const mode = attributes["routing.http.desync_mitigation_mode"] ?? "defensive";
  if (mode !== "strictest" && mode !== "defensive")
    yield refuted(key, `it lets ambiguous requests through: ${mode}`);
  if (attributes["routing.http.drop_invalid_header_fields.enabled"] !== "true") {
    yield refuted(key, "it hands on header fields that are none");
  }
}
