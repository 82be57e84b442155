import type { Shipment } from "../../artifacts/shipment.ts";
import { judge } from "../../rule.ts";
import type { ThemeResult } from "../../theme-result.ts";
import { readRouting } from "./read-routing.ts";
import { routingMatrix } from "./routing-matrix.ts";
import type { RoutingRule } from "./routing-rule.ts";
import { certificatesCoverOwnHosts } from "./rules/certificates-cover-own-hosts.ts";
import { defaultActionsAnswerNobody } from "./rules/default-actions-answer-nobody.ts";
import { discoveryNamesApart } from "./rules/discovery-names-apart.ts";
import { edgeCachesByCredentials, edgeCachesByHost } from "./rules/edge-caches-by-host.ts";
import { edgeLeadsToThePlatform } from "./rules/edge-leads-to-the-platform.ts";
import { hostsFollowTheDefinition } from "./rules/hosts-follow-the-definition.ts";
import { hostsOfTenantsApart } from "./rules/hosts-of-tenants-apart.ts";
import { listenersEncrypt } from "./rules/listeners-encrypt.ts";
import { loadBalancersAnswerTheEdgeOnly } from "./rules/load-balancers-answer-the-edge-only.ts";
import { loadBalancersRefuseSmuggling } from "./rules/load-balancers-refuse-smuggling.ts";
import { noRuleTakesAnothersHosts } from "./rules/no-rule-takes-anothers-hosts.ts";
import { placementFollowsTheTemplate } from "./rules/placement-follows-the-template.ts";
import { platformHostsApart } from "./rules/platform-hosts-apart.ts";
import { recordsLeadToOwnCell } from "./rules/records-lead-to-own-cell.ts";
import { recordsLeadToThePlatform } from "./rules/records-lead-to-the-platform.ts";
import { rulePrioritiesApart } from "./rules/rule-priorities-apart.ts";
import { rulesForwardToOwnTargets } from "./rules/rules-forward-to-own-targets.ts";
import { rulesOnOwnCell } from "./rules/rules-on-own-cell.ts";
import { sharedServicesTellTenantsApart } from "./rules/shared-services-tell-tenants-apart.ts";
import { siloHostsHaveRules } from "./rules/silo-hosts-have-rules.ts";
import { slotsApart } from "./rules/slots-apart.ts";
import { targetsFedByOwnService } from "./rules/targets-fed-by-own-service.ts";
import { targetsMatchContainers } from "./rules/targets-match-containers.ts";
import { waysAreKnown } from "./rules/ways-are-known.ts";

export const routingRules: readonly RoutingRule[] = [
  hostsOfTenantsApart,
  hostsFollowTheDefinition,
  platformHostsApart,
  placementFollowsTheTemplate,
  slotsApart,
  rulePrioritiesApart,
  noRuleTakesAnothersHosts,
  rulesOnOwnCell,
  rulesForwardToOwnTargets,
  siloHostsHaveRules,
  targetsFedByOwnService,
  targetsMatchContainers,
  sharedServicesTellTenantsApart,
  discoveryNamesApart,
  waysAreKnown,
  defaultActionsAnswerNobody,
  listenersEncrypt,
  loadBalancersRefuseSmuggling,
  recordsLeadToOwnCell,
  recordsLeadToThePlatform,
  certificatesCoverOwnHosts,
  edgeCachesByHost,
  edgeCachesByCredentials,
  edgeLeadsToThePlatform,
  loadBalancersAnswerTheEdgeOnly,
];

/** Whether a request to a tenant's host gets to that tenant's tasks and nowhere else. */
export function checkRouting(shipment: Shipment): ThemeResult {
  const model = readRouting(shipment);
  const subject = `${shipment.platform} ${shipment.environment}`;
  return {
    theme: "routing",
    verdicts: routingRules.flatMap((rule) => judge(rule, subject, model)),
    matrices: [routingMatrix(model)],
  };
}
