import type { Shipment } from "../../artifacts/shipment.ts";
import { boundFindings } from "../../posture/bound-findings.ts";
import { type Finding, judge, unknown } from "../../rule.ts";
import type { ThemeResult } from "../../theme-result.ts";
import { connectionsOf } from "./connections.ts";
import { networkMatrices } from "./network-matrices.ts";
import type { NetworkRule, NetworkView } from "./network-rule.ts";
import { readNetwork } from "./read-network.ts";
import { aclFlowsAsNeeded } from "./rules/acl-flows-as-needed.ts";
import { aclEntriesInOrder } from "./rules/acl-entries-in-order.ts";
import { aclsLetInWhatIsListenedFor } from "./rules/acls-let-in-what-is-listened-for.ts";
import { carriedGroupsLetNothingIn } from "./rules/carried-groups-let-nothing-in.ts";
import { dataSubnetsClosed } from "./rules/data-subnets-closed.ts";
import { defaultGroupsUnused } from "./rules/default-groups-unused.ts";
import { endpointPoliciesConfine } from "./rules/endpoint-policies-confine.ts";
import { entranceAsDefined } from "./rules/entrance-as-defined.ts";
import { exitsAsDefined } from "./rules/exits-as-defined.ts";
import { flowLogsKept } from "./rules/flow-logs-kept.ts";
import { groupsLetInListenedPorts } from "./rules/groups-let-in-listened-ports.ts";
import { groupsStayInside } from "./rules/groups-stay-inside.ts";
import { internetReachesLoadBalancersOnly } from "./rules/internet-reaches-load-balancers-only.ts";
import { ipv6AsClosedAsIpv4 } from "./rules/ipv6-as-closed-as-ipv4.ts";
import { namedConnectionsPass } from "./rules/named-connections-pass.ts";
import { noWaysOutside } from "./rules/no-ways-outside.ts";
import { othersReachedByNobody } from "./rules/others-reached-by-nobody.ts";
import { publicSubnetsHoldLoadBalancersOnly } from "./rules/public-subnets-hold-load-balancers-only.ts";
import { rangesPossible } from "./rules/ranges-possible.ts";
import {
  siloStoresReachedByOwnTenantOnly,
  storesReachedByClientsOnly,
} from "./rules/stores-reached-by-clients-only.ts";
import { tasksReachedByCallersOnly } from "./rules/tasks-reached-by-callers-only.ts";
import { tenantGroupsNameOwnOnly } from "./rules/tenant-groups-name-own-only.ts";
import { tenantStacksChangeOwnNetworkOnly } from "./rules/tenant-stacks-change-own-network-only.ts";
import { tenantsApart } from "./rules/tenants-apart.ts";
import { valuesKnown } from "./rules/values-known.ts";
import { waysOutLeadOut } from "./rules/ways-out-lead-out.ts";

/** Every rule, those about tenants first. */
export const networkRules: readonly NetworkRule[] = Object.freeze([
  tenantsApart,
  tasksReachedByCallersOnly,
  siloStoresReachedByOwnTenantOnly,
  storesReachedByClientsOnly,
  othersReachedByNobody,
  internetReachesLoadBalancersOnly,
  entranceAsDefined,
  groupsStayInside,
  groupsLetInListenedPorts,
  tenantGroupsNameOwnOnly,
  tenantStacksChangeOwnNetworkOnly,
  carriedGroupsLetNothingIn,
  defaultGroupsUnused,
  exitsAsDefined,
  publicSubnetsHoldLoadBalancersOnly,
  dataSubnetsClosed,
  noWaysOutside,
  ipv6AsClosedAsIpv4,
  aclEntriesInOrder,
  aclsLetInWhatIsListenedFor,
  aclFlowsAsNeeded,
  namedConnectionsPass,
  waysOutLeadOut,
  endpointPoliciesConfine,
  flowLogsKept,
  rangesPossible,
  valuesKnown,
]);

/** Who can open connections to whom, for any two tenants of any two tiers and for those of the placement. */
export function checkNetwork(shipment: Shipment): ThemeResult {
  const network = readNetwork(shipment);
  const view: NetworkView = { network, connections: connectionsOf(network) };
  const subject = `${shipment.platform} ${shipment.environment}`;
  return {
    theme: "network",
    verdicts: networkRules.flatMap((rule) => judge(bounded(rule), subject, view)),
    matrices: networkMatrices(shipment, view),
  };
}

const bounded = (rule: NetworkRule): NetworkRule => ({
  ...rule,
  judge: (view) => boundUnknown(boundFindings(rule.judge(view))),
});

const unknownMax = 20;

/** As many unknown findings as a person reads, and one that counts the rest. */
function boundUnknown(findings: readonly Finding[]): readonly Finding[] {
  const dark = findings.filter(({ kind }) => kind === "unknown");
  const [first] = dark;
  if (dark.length <= unknownMax || first === undefined) return findings;
  const listed = new Set(dark.slice(0, unknownMax));
  return [
    ...findings.filter((finding) => finding.kind !== "unknown" || listed.has(finding)),
    unknown(first.subject, `and ${dark.length - unknownMax} more of the same kind`),
  ];
}
