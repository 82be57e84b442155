import { type Finding, refuted } from "../../../rule.ts";
import { isBelow } from "../host-names.ts";
import { tenantStacks } from "../read-routing.ts";
import type { ListenerRule, StackRoutes } from "../routing-model.ts";
import { noLoadBalancer, routingRule, ruleType } from "../routing-rule.ts";
import { allowedHosts } from "./hosts-follow-the-definition.ts";

export const rulesForwardToOwnTargets = routingRule({
  id: "routing/rules-forward-to-own-targets",
  why: "what comes to a tenant's hosts must arrive at its own tasks and nowhere else",
  fix: "let the rule forward to the target groups of its own stack",
  reads: [ruleType],
  idle: noLoadBalancer,
  *judge(model) {
    for (const routes of tenantStacks(model)) {
      const allowed = allowedHosts(model, routes);
      for (const rule of routes.rules) yield* judgeRule(routes, rule, (host) => allowed.has(host));
    }
    const domain = model.definition.domain.toLowerCase();
    for (const routes of model.shared) {
      for (const rule of routes.rules) yield* judgeRule(routes, rule, (host) => isBelow(host, domain));
    }
  },
});

/** What a rule may do before it forwards, and instead. */
const known: ReadonlySet<string> = new Set([
  "forward",
  "redirect",
  "fixed-response",
  "authenticate-oidc",
  "authenticate-cognito",
  "jwt-validation",
]);

function* judgeRule(
  { stack, targetGroups }: StackRoutes,
  { key, action }: ListenerRule,
  isOwn: (host: string) => boolean,
): Iterable<Finding> {
  const { redirectHost, targets, types } = action;
  const strange = types.find((type) => !known.has(type));
  if (strange !== undefined) yield refuted(key, `nobody knows its action ${strange}`);
  if (types.length === 0) yield refuted(key, "it has no action");
  if (types.includes("forward") && targets.length === 0) yield refuted(key, "it forwards to nothing");
  const own = new Set(targetGroups.map(({ arn }) => arn));
  for (const target of targets) {
    if (!own.has(target)) yield refuted(key, `it forwards to ${target}, which is not of ${stack.id}`);
  }
  if (redirectHost !== null && redirectHost !== "#{host}" && !isOwn(redirectHost)) {
    yield refuted(key, `it sends people to ${redirectHost}`);
  }
}
