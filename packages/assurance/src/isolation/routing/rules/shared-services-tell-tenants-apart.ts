import { notApplicable } from "../../../rule.ts";
import { routingRule } from "../routing-rule.ts";

/** What routing cannot say, so that nobody takes its silence for a proof. */
export const sharedServicesTellTenantsApart = routingRule({
  id: "routing/shared-services-tell-tenants-apart",
  why: "all tenants of a pool share its target groups: which of them a request is for, the service has to find out",
  fix: "let the shared service resolve the tenant from the host, and refuse hosts of nobody",
  reads: [],
  idle: ({ definition }) => {
    const tiers = Object.values(definition.tiers);
    if (tiers.length === 0) return "the platform has no tiers: whom a request is for, its services find out";
    const isShared = tiers.some(({ services }) =>
      Object.values(services).some((isolation) => isolation !== "silo"),
    );
    return isShared ? null : "every tenant has every service to itself";
  },
  *judge({ definition }) {
    for (const { name, services } of Object.values(definition.tiers)) {
      const shared = Object.keys(services).filter((service) => services[service] !== "silo");
      if (shared.length === 0) continue;
      yield notApplicable(
        `tier ${name}`,
        `its tenants share the target groups of ${shared.join(", ")}: the runtime tells them apart by host, not the load balancer`,
      );
    }
  },
});
