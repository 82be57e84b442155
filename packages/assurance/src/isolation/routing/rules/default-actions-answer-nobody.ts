import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import type { Listener } from "../routing-model.ts";
import { listenerType, noLoadBalancer, routingRule } from "../routing-rule.ts";

export const defaultActionsAnswerNobody = routingRule({
  id: "routing/default-actions-answer-nobody",
  why: "what asks for no tenant's host must reach no tenant: a default that forwards makes one tenant the answer to everything",
  fix: "let the listener answer with a fixed response, or lead to HTTPS",
  reads: [listenerType],
  idle: noLoadBalancer,
  *judge(model) {
    for (const { listeners } of [...model.shared, ...tenantStacks(model)]) {
      for (const listener of listeners) yield* judgeListener(listener);
    }
  },
});

function* judgeListener({ key, action, redirectsToHttps }: Listener): Iterable<Finding> {
  const { redirectHost, targets, types } = action;
  if (types.length === 0) yield refuted(key, "it has no default action");
  for (const type of types) {
    if (type === "fixed-response") continue;
    if (type !== "redirect")
      yield refuted(key, `its default action is ${type}${targets.map((one) => ` ${one}`).join("")}`);
    else if (!redirectsToHttps) yield refuted(key, "its default action leads elsewhere than to HTTPS");
    else if (redirectHost !== "#{host}")
      yield refuted(key, `its default action sends people to ${redirectHost ?? ""}`);
  }
}
