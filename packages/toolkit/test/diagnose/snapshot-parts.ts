import { assert } from "@tenantry/base";
import type { Snapshot } from "../../src/diagnose/snapshot.ts";
import { arnsOf, certificate, nowMs } from "./healthy-snapshot.ts";
import { type Mutable } from "./snapshot-values.ts";

export type Broken = Mutable<Snapshot>;

export const acme = arnsOf("acme-corp");

/** What a test breaks, without the questions of types that it cannot get wrong. */
export function partsOf(snapshot: Broken) {
  const [only] = snapshot.regions;
  assert(only !== undefined && only.network !== null, "the snapshot has a region with a network");
  const [service] = only.services;
  const [loadBalancer] = only.loadBalancers;
  const foundation = only.stacks[0]?.deployed;
  const definition = only.taskDefinitions[acme.definition];
  const targetGroup = only.targetGroups[acme.targetGroup];
  const database = only.databases["main"];
  const execution = snapshot.roles[acme.execution];
  const issued = only.certificates[certificate];
  const secret = only.secrets[acme.secret];
  assert(service !== undefined && loadBalancer !== undefined, "it has a service and a load balancer");
  assert(foundation !== undefined && foundation !== null && foundation !== "unread", "it has stacks");
  assert(definition?.kind === "found" && targetGroup?.kind === "found", "the service has what it needs");
  assert(database?.kind === "found" && execution?.kind === "found", "there is a database and a role");
  assert(issued?.kind === "found" && secret?.kind === "found", "there is a certificate and a secret");
  const [container] = definition.value.containers;
  const [listener] = loadBalancer.listeners;
  const [acl] = only.network.acls;
  assert(container !== undefined && listener?.rules != null && acl !== undefined, "all has its parts");
  return {
    only,
    network: only.network,
    service,
    loadBalancer,
    foundation,
    definition: definition.value,
    container,
    targetGroup: targetGroup.value,
    database: database.value,
    execution: execution.value,
    certificate: issued.value,
    secret: secret.value,
    listener,
    rules: listener.rules,
    acl,
  };
}

export type Parts = ReturnType<typeof partsOf>;

export function stop(
  parts: Parts,
  given: { reason: string; exitCode?: number; detail?: string; logLines?: string[] },
) {
  parts.service.running = 0;
  parts.service.stoppedTasks.push({
    id: "0123456789abcdef",
    stoppedAtMs: nowMs - 60_000,
    stopCode: null,
    reason: given.reason,
    containers: [{ name: "app", exitCode: given.exitCode ?? null, reason: given.detail ?? null }],
    logLines: given.logLines ?? [],
  });
}

export function unhealthy(parts: Parts, reason: string, description = "") {
  for (const target of parts.targetGroup.targets)
    Object.assign(target, { state: "unhealthy", reason, description });
}

export function endpoint(network: Parts["network"], securityGroups: string[]) {
  network.endpoints.push({
    id: "vpce-1",
    vpc: "vpc-1",
    service: "secretsmanager",
    kind: "Interface",
    state: "available",
    hasPrivateDns: true,
    securityGroups,
    subnets: ["subnet-private-a"],
    routeTables: [],
  });
  network.securityGroups["sg-endpoint"] = {
    id: "sg-endpoint",
    name: "endpoint",
    ingress: [
      { protocol: "tcp", fromPort: 443, toPort: 443, cidrs: ["10.0.0.0/16"], groups: [], prefixLists: [] },
    ],
    egress: [],
  };
}

export type Breakage = readonly [
  title: string,
  breakIt: (parts: Parts, snapshot: Broken) => void,
  code: string,
  what: RegExp,
];
