import type { Resource } from "../../artifacts/shipment.ts";
import { notApplicable, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { listAt, textAt } from "../read-value.ts";

export const listenersUseTls = postureRule({
  name: "listeners-use-tls",
  why: "On plain HTTP everybody on the way reads credentials and data of every tenant, and can change them.",
  fix: "Listen on HTTPS, and let port 80 redirect to it and do nothing else.",
  things: "listeners",
  find: ({ ofType }) => ofType("AWS::ElasticLoadBalancingV2::Listener"),
  judge: (listener, { definition, ofType }) => {
    const protocol = textAt(listener.properties, "Protocol");
    if (protocol === "HTTPS" || protocol === "TLS") return [];
    const rules = ofType("AWS::ElasticLoadBalancingV2::ListenerRule").filter(
      ({ properties }) => textAt(properties, "ListenerArn") === listener.physicalId,
    );
    if (protocol === "HTTP" && [listener, ...rules].every((part) => redirects(part))) return [];
    const witness = `it speaks ${protocol ?? "an unknown protocol"} and does not redirect to HTTPS`;
    return definition.routing.listener === "http"
      ? [notApplicable(listener.key, `the definition says routing.listener: "http"; ${witness}`)]
      : [refuted(listener.key, witness)];
  },
});

/** Whether all that a listener or a rule does is to redirect to HTTPS. */
function redirects({ type, properties }: Resource): boolean {
  const actions = listAt(properties, type.endsWith("ListenerRule") ? "Actions" : "DefaultActions");
  return (
    actions.length > 0 &&
    actions.every(
      (action) =>
        textAt(action, "Type") === "redirect" && textAt(action, "RedirectConfig", "Protocol") === "HTTPS",
    )
  );
}
