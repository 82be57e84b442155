import { type Finding, refuted } from "../../../rule.ts";
import { isBelow } from "../host-names.ts";
import { tenantStacks } from "../read-routing.ts";
import type { RoutingModel, StackRoutes } from "../routing-model.ts";
import { balancing, routingRule } from "../routing-rule.ts";
import { allowedHosts } from "./hosts-follow-the-definition.ts";

const certificateType = "AWS::CertificateManager::Certificate";

export const certificatesCoverOwnHosts = routingRule({
  id: "routing/certificates-cover-own-hosts",
  why: "who has a certificate for another's host can stand in for it",
  fix: "ask for certificates of the tenant's own hosts, and put the stack's own certificate on the listener",
  reads: [certificateType, `${balancing}ListenerCertificate`],
  idle: ({ shared, anyTenants }) =>
    [...shared, ...anyTenants.map(({ a }) => a)].some(({ certificates }) => certificates.length > 0)
      ? null
      : "the environment has no certificates",
  *judge(model) {
    for (const routes of tenantStacks(model)) yield* judgeTenant(model, routes);
    for (const { certificates } of model.shared) {
      for (const { key, names } of certificates) {
        const strange = names.find(
          (name) => !isBelow(name.replace(/^\*\./, ""), model.definition.domain.toLowerCase()),
        );
        if (strange !== undefined)
          yield refuted(key, `it covers ${strange}, which is not below ${model.definition.domain}`);
      }
    }
  },
});

function* judgeTenant(model: RoutingModel, routes: StackRoutes): Iterable<Finding> {
  const { certificates, listenerCertificates, stack } = routes;
  const allowed = allowedHosts(model, routes);
  for (const { key, names } of certificates) {
    for (const name of names) {
      if (!allowed.has(name)) yield refuted(key, `it covers ${name}, which is no host of ${stack.tenant}`);
    }
  }
  const own = new Set(certificates.map(({ arn }) => arn));
  for (const listed of listenerCertificates) {
    for (const arn of listed.certificates) {
      if (!own.has(arn))
        yield refuted(listed.key, `it puts ${arn} on the listener, which is not of ${stack.id}`);
    }
  }
}
