import { type Finding, refuted } from "../../../rule.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";

export const tenantStacksChangeOwnNetworkOnly: NetworkRule = {
  id: "network/tenant-stacks-change-own-network-only",
  why: "a rule or route in a tenant's template is made once for every tenant, and changes what all of them share",
  fix: "put rules of shared groups, routes and ACL entries into the stacks that make the groups, tables and ACLs",
  judge: ({ network }) => [...ruleFindings(network), ...topologyFindings(network)],
};

function ruleFindings({ groups }: NetworkModel): readonly Finding[] {
  return [...groups.values()].flatMap((group) =>
    group.rules.flatMap(({ direction, stack, where }) =>
      stack === group.stack || !isTenantStack(stack)
        ? []
        : [
            refuted(
              where,
              `the tenant's stack ${stack} adds a rule (${direction}) to the group ${group.where}`,
            ),
          ],
    ),
  );
}

/** Of a stack's id, or of what stands in it. */
const isTenantStack = (place: string): boolean => place.startsWith("tenant/");

function topologyFindings(network: NetworkModel): readonly Finding[] {
  const { acls, routeTables, subnets, vpcs, peerings } = network;
  const parts = [
    ...[...routeTables.values()].flatMap(({ routes }) => routes),
    ...[...acls.values()].flatMap(({ entries }) => entries),
    ...subnets.values(),
    ...vpcs.values(),
    ...peerings.values(),
  ];
  return parts.flatMap(({ where }) =>
    isTenantStack(where)
      ? [refuted(where, "is a part of the shared network, and stands in a tenant's stack")]
      : [],
  );
}
