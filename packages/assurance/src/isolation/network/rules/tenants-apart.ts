import { notApplicable } from "../../../rule.ts";
import { judgeConnections } from "../judge-connections.ts";
import type { NetworkRule } from "../network-rule.ts";

export const tenantsApart: NetworkRule = {
  id: "network/tenants-apart",
  why: "a program of one tenant that reaches what belongs to another needs only one more mistake to be in",
  fix: "let the tenant's groups name only their own groups and the load balancer of their cell",
  judge: ({ network, connections }) => {
    const subject = network.definition.name;
    if (network.interfaces.every(({ tenant }) => tenant === null)) {
      return [notApplicable(subject, "no tenant has a network interface of its own")];
    }
    return judgeConnections(connections, (source, { tenant }) => {
      const isOther = typeof source !== "string" && source.tenant !== null && source.tenant !== tenant;
      return isOther && tenant !== null ? [] : null;
    });
  },
};
