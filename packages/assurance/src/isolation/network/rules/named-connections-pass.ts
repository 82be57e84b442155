import { type Finding, refuted } from "../../../rule.ts";
import { entrancePorts } from "../entrance-ports.ts";
import type { Interface } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { Reachability } from "../reachability.ts";
import type { NetworkModel } from "../read-network.ts";

export const namedConnectionsPass: NetworkRule = {
  id: "network/named-connections-pass",
  why: "what does not get through at the first deployment gets through after somebody opened everything in a hurry",
  fix: "let the connection out and in, and its answers back on 1024-65535, in the ACLs of both subnets and in both groups",
  judge: ({ network }) => {
    const reachability = new Reachability(network);
    return [
      ...entrances(network, reachability),
      ...callers(network, reachability),
      ...clients(network, reachability),
    ];
  },
};

/** The ports on which a load balancer takes everybody, or CloudFront. */
function entrances({ definition, interfaces }: NetworkModel, reachability: Reachability): readonly Finding[] {
  const { routing, edge } = definition;
  if (routing.scheme === "internal") return [];
  const source = edge.cloudFront === null ? "internet" : "cloudfront";
  const name = edge.cloudFront === null ? "the internet" : "CloudFront";
  return interfaces
    .filter(({ kind, tenant }) => kind === "load-balancer" && tenant === null)
    .flatMap((balancer) =>
      entrancePorts(definition).flatMap((port) => {
        if (!balancer.ports.includes(port)) return [];
        const obstacle = reachability.obstacleFromOutside(source, balancer, port);
        return obstacle === null ? [] : [missing(name, balancer, port, obstacle)];
      }),
    );
}

/** Load balancers to the tasks behind them. */
function callers({ definition, interfaces }: NetworkModel, reachability: Reachability): readonly Finding[] {
  const balancers = interfaces.filter(({ kind }) => kind === "load-balancer");
  return interfaces.flatMap((tasks) => {
    const service = definition.services[tasks.name ?? ""];
    if (tasks.kind !== "tasks" || service?.allowFrom.includes("load-balancer") !== true) return [];
    const behind = balancers.filter(
      ({ cell, role }) => role === tasks.role && (tasks.tenant === null || cell === tasks.cell),
    );
    // What tenants share stands in one cell; no other load balancer has it for a target.
    const found = behind.map((balancer) => ({
      balancer,
      obstacle: reachability.obstacle(balancer, tasks, service.port),
    }));
    if (found.length === 0 || found.some(({ obstacle }) => obstacle === null)) return [];
    return found
      .slice(0, 1)
      .map(({ balancer, obstacle }) => missing(balancer.key, tasks, service.port, obstacle ?? ""));
  });
}

/** Tasks, functions and rotations to the stores that they use. */
function clients(network: NetworkModel, reachability: Reachability): readonly Finding[] {
  const stores = Map.groupBy(
    network.interfaces.filter(({ kind, name }) => kind === "store" && name !== null),
    ({ name, role, tenant }) => `${name} ${role} ${tenant}`,
  );
  const byKey = new Map(network.interfaces.map((one) => [one.key, one]));
  return network.interfaces.flatMap((client) =>
    used(network, byKey, client).flatMap((name) => {
      const ofTenant = stores.get(`${name} ${client.role} ${client.tenant}`);
      const found = ofTenant ?? stores.get(`${name} ${client.role} null`) ?? [];
      return found.flatMap((store) =>
        store.ports.flatMap((port) => {
          const obstacle = reachability.obstacle(client, store, port);
          return obstacle === null ? [] : [missing(client.key, store, port, obstacle)];
        }),
      );
    }),
  );
}

function used(
  { definition }: NetworkModel,
  byKey: ReadonlyMap<string, Interface>,
  client: Interface,
): readonly string[] {
  switch (client.kind) {
    case "tasks":
      return definition.services[client.name ?? ""]?.uses ?? [];
    case "function":
      return definition.functions[client.name ?? ""]?.uses ?? [];
    case "rotation": {
      const name = byKey.get(client.serves ?? "")?.name ?? null;
      return name === null ? [] : [name];
    }
    default:
      return [];
  }
}

const missing = (source: string, { key }: Interface, port: number, obstacle: string): Finding =>
  refuted(key, `${source} is meant to open tcp ${port} to it, and cannot: ${obstacle}`);
