import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import type { Listener, RoutingModel } from "../routing-model.ts";
import { listenerType, noLoadBalancer, routingRule } from "../routing-rule.ts";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const policies: Readonly<Record<RoutingModel["definition"]["routing"]["tlsMinimum"], RegExp>> = {
  "1.2": /^ELBSecurityPolicy-(TLS13-1-3|TLS13-1-2|TLS-1-2|FS-1-2)(-|$)/,
  "1.3": /^ELBSecurityPolicy-TLS13-1-3(-|$)/,
};

export const listenersEncrypt = routingRule({
  id: "routing/listeners-encrypt",
  why: "what goes in the clear, or by old TLS, is read and changed on its way: sessions and passwords of every tenant",
  fix: "let HTTPS listeners have a policy of routing.tlsMinimum, and HTTP listeners lead to HTTPS only",
  reads: [listenerType],
  idle: (model) =>
    model.definition.routing.listener === "http"
      ? 'the environment says routing.listener: "http"'
      : noLoadBalancer(model),
  *judge(model) {
    for (const { listeners } of [...model.shared, ...tenantStacks(model)]) {
      for (const listener of listeners) yield* judgeListener(model, listener);
    }
    for (const { loadBalancers } of model.shared) {
      for (const { arn, key } of loadBalancers) {
        const isOpen = [...model.listeners.values()].some(
          ({ loadBalancer, protocol }) => loadBalancer === arn && protocol === "HTTPS",
        );
        if (!isOpen) yield refuted(key, "it has no listener for HTTPS");
      }
    }
  },
});

function* judgeListener({ definition }: RoutingModel, listener: Listener): Iterable<Finding> {
  const { key, port, protocol, redirectsToHttps, tlsPolicy } = listener;
  const { tlsMinimum } = definition.routing;
  if (protocol === "HTTPS" || protocol === "TLS") {
    if (tlsPolicy === null || !policies[tlsMinimum].test(tlsPolicy)) {
      yield refuted(key, `its policy ${tlsPolicy ?? "(AWS's default)"} takes older TLS than ${tlsMinimum}`);
    }
  } else if (!redirectsToHttps)
    yield refuted(key, `it answers ${protocol} on port ${port ?? ""} in the clear`);
}
