import type { Interface } from "../network-model.ts";
import { judgeConnections } from "../judge-connections.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { Outside } from "../reachability.ts";
import type { NetworkModel } from "../read-network.ts";

export const tasksReachedByCallersOnly: NetworkRule = {
  id: "network/tasks-reached-by-callers-only",
  why: "who reaches a task past its load balancer reaches it past the firewall, the rate limits and the check of the host",
  fix: "let the service's group name the load balancer's group and the callers in allowFrom, on the service's port and no other",
  judge: ({ network, connections }) =>
    judgeConnections(connections, (source, destination) => {
      if (destination.kind !== "tasks" || isOfAnotherTenant(source, destination)) return null;
      return callerPorts(network, source, destination);
    }),
};

/** Pairs of two tenants are another rule's. */
const isOfAnotherTenant = (source: Interface | Outside, { tenant }: Interface): boolean =>
  typeof source !== "string" && source.tenant !== null && tenant !== null && source.tenant !== tenant;

/** The port of the service, where the definition lets such a source call it. */
function callerPorts(
  { definition }: NetworkModel,
  source: Interface | Outside,
  destination: Interface,
): readonly number[] {
  const service = definition.services[destination.name ?? ""];
  if (service === undefined || typeof source === "string") return [];
  const { allowFrom, port } = service;
  return mayCall(source, destination, allowFrom, definition.network.bastion !== null) ? [port] : [];
}

function mayCall(
  source: Interface,
  destination: Interface,
  allowFrom: readonly string[],
  hasBastion: boolean,
): boolean {
  switch (source.kind) {
    case "load-balancer":
      return allowFrom.includes("load-balancer") && isOfItsCell(source, destination);
    case "tasks":
      return source.name !== null && allowFrom.includes(source.name);
    case "instance":
      return hasBastion && source.tenant === null && allowFrom.includes("bastion");
    default:
      return false;
  }
}

/** What tenants share stands in one cell, and is called from each. */
const isOfItsCell = (balancer: Interface, { tenant, cell }: Interface): boolean =>
  tenant === null || balancer.cell === cell;
