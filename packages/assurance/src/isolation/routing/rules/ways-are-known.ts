import { unknown } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import { routingRule } from "../routing-rule.ts";

export const waysAreKnown = routingRule({
  id: "routing/ways-are-known",
  why: "what is proved of load balancers and distributions says nothing of requests that come another way",
  fix: "lead requests by the load balancers of cells and the distributions before them, or check this way by other means",
  reads: [],
  *judge(model) {
    for (const { strangers } of [...model.shared, ...tenantStacks(model)]) {
      for (const { key, type } of strangers) yield unknown(key, `where a ${type} leads requests`);
    }
  },
});
