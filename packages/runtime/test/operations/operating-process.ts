import { writeSync } from "node:fs";
import { join } from "node:path";
import { assert, systemClock, systemRandom } from "@tenantry/base";
import { bootstrapDatabase } from "../../src/database/bootstrap-database.ts";
import { asAdmin } from "../../src/database/database-access.ts";
import { openTenantDatabase } from "../../src/database/tenant-database.ts";
import { keepLifecycleEvent } from "../../src/events/keep-lifecycle-event.ts";
import { FolderObjectStore } from "../../src/files/folder-object-store.ts";
import type { RingKey } from "../../src/identity/key-ring.ts";
import { hasEnded, type OperationRequest } from "../../src/operations/operation.ts";
import { openTenantOperations, type TenantOperations } from "../../src/operations/tenant-operations.ts";

/** What the process is to do, as its only argument. */
export interface Assignment {
  readonly place: Parameters<typeof openTenantDatabase>[0];
  readonly folder: string;
  readonly keyRing: readonly RingKey[];
  readonly operations: readonly AssignedOperation[];
  /** The process kills itself after it has passed so many moments, within steps among them. */
  readonly killAfter: number | null;
  /** Something that a step does and that is not idempotent, to see that it is noticed. */
  readonly fault: "event" | "role" | null;
}

export interface AssignedOperation {
  readonly request: OperationRequest;
  /** The step before which it is cancelled. */
  readonly cancelBefore: string | null;
  /** Where the operation stops until all are where they stop; then the process kills itself. */
  readonly killAt: Boundary | null;
}

export interface Boundary {
  readonly step: string;
  readonly moment: string;
}

const assignment = JSON.parse(process.argv[2] ?? "") as Assignment;
const { place, folder, keyRing, killAfter, fault } = assignment;
const byTenant = new Map<string, AssignedOperation>(
  assignment.operations.map((one) => [one.request.tenant, one]),
);
const ports = { clock: systemClock, random: systemRandom };
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
const die = () => process.kill(process.pid, "SIGKILL");
const requesterOf = (tenant: string) =>
  ({
    actorKind: "operator",
    actor: "ada@example.com",
    requestId: "",
    idempotencyKey: `key-${tenant}`,
  }) as const;

process.once("SIGTERM", () => {
  say({ underWay: [...underWay] });
  process.exit(1);
});

await bootstrapDatabase(place);
const database = await openTenantDatabase(place, { ...ports, onEvent: () => undefined });
/** Those that neither stand where they stop nor have ended. */
const underWay = new Set<string>(byTenant.keys());
const hasTarget = assignment.operations.some(({ killAt }) => killAt !== null);
let passed = 0;
/** They may begin to recover before they are returned. */
const opened = Promise.withResolvers<TenantOperations>();

async function onStep(step: string, moment: string, tenant: string): Promise<void> {
  const operations = await opened.promise;
  const own = byTenant.get(tenant);
  passed += 1;
  say({ boundary: { step, moment }, tenant });
  if (moment === "before" && step === own?.cancelBefore)
    await operations.cancel(await idOf(operations, tenant), requesterOf(tenant));
  if (moment === "after-effect" && step === "make-place") await misbehave(tenant);
  if (passed === killAfter) die();
  if (own?.killAt?.step !== step || own.killAt.moment !== moment) return;
  say({ stopped: tenant });
  leave(tenant);
  await new Promise(() => undefined);
}

/** When nobody is under way any more, everybody who stopped stands where they should. */
function leave(tenant: string): void {
  underWay.delete(tenant);
  if (underWay.size === 0 && hasTarget) die();
}

async function misbehave(tenant: string): Promise<void> {
  if (fault === "event") {
    const event = { type: "provisionSuccess", tenant, operation: null, detail: {} } as never;
    await database.control.transact((client) => keepLifecycleEvent(client, event, ports));
  }
  if (fault === "role") {
    const role = `${database.access.names.prefix}_t_${process.pid}`;
    await asAdmin(database.access, "postgres", (admin) => admin.query(`create role ${role}`));
  }
}

async function idOf(open: TenantOperations, tenant: string): Promise<string> {
  for (;;) {
    const [row] = await open.list({ tenant }, { after: null, limit: 1 });
    if (row !== undefined) return row.operation.id;
    await systemClock.sleep(5);
  }
}

async function follow(open: TenantOperations, { request }: AssignedOperation): Promise<void> {
  const { tenant } = request;
  const outcome = await open.request(request, requesterOf(tenant));
  assert(outcome.kind !== "key-reused", "the key belongs to the operation");
  const { id } = outcome.operation;
  for (;;) {
    const operation = await open.settled(id, 60_000);
    if (operation !== null && hasEnded(operation)) break;
    await systemClock.sleep(5);
  }
}

const operations = await openTenantOperations(
  { platformName: place.platformName, keyRing, staleMs: 0, stepsAtOnce: assignment.operations.length },
  {
    database,
    objects: new FolderObjectStore(join(folder, "files")),
    exports: new FolderObjectStore(join(folder, "exports")),
    ...ports,
    onEvent: (event) => say({ event, error: "error" in event ? String(event.error) : null }),
    onStep,
  },
);
opened.resolve(operations);
await Promise.all(
  assignment.operations.map(async (operation) => {
    await follow(operations, operation);
    // One that is to stop at its last checkpoint has ended a moment before it comes there.
    if (operation.killAt !== null) await systemClock.sleep(500);
    if (underWay.has(operation.request.tenant)) leave(operation.request.tenant);
  }),
);
// All that is to be checked is also that they come to their last checkpoints.
await systemClock.sleep(200);
await operations[Symbol.asyncDispose]();
await database[Symbol.asyncDispose]();
say({ done: true });
