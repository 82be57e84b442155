import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCodedError, systemClock, systemRandom } from "@tenantry/base";
import type { Isolation, TenantId } from "@tenantry/model";
import type { DatabaseServer as TestServer } from "../../../../test/database-server.ts";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import { FolderObjectStore } from "../../src/files/folder-object-store.ts";
import { ringOfOne } from "../../src/identity/key-ring.ts";
import { generateSigningKey } from "../../src/identity/signing-key.ts";
import type { Operation, OperationRequest } from "../../src/operations/operation.ts";
import {
  openTenantOperations,
  type OperationsEvent,
  type Requester,
  type TenantOperations,
  type TenantOperationsPorts,
} from "../../src/operations/tenant-operations.ts";
import { createTestPlatform, type TestPlatform } from "../database/test-platform.ts";

export const operator: Requester = {
  actorKind: "operator",
  actor: "ada@example.com",
  requestId: "",
  idempotencyKey: null,
};

/** A database, its operations, and folders for files and exports; all gone when disposed of. */
export interface OperationPlatform extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly database: TenantDatabase;
  readonly operations: TenantOperations;
  readonly objects: FolderObjectStore;
  readonly exports: FolderObjectStore;
  readonly events: OperationsEvent[];
  /** Closes the operations and opens them again, as a restart does; between the two, something can be done. */
  restart<Result = void>(between?: () => Promise<Result>): Promise<Result | undefined>;
  /** Asks for it and waits until it has ended or waits. */
  run(request: OperationRequest): Promise<Operation>;
  onboard(tenant: string, isolation: Isolation): Promise<Operation>;
}

export async function createOperationPlatform(
  server: TestServer,
  name: string,
  change: Partial<Pick<TenantOperationsPorts, "onStep" | "clock">> & { readonly dayMs?: number } = {},
): Promise<OperationPlatform> {
  const platform = await createTestPlatform(server, name);
  const folder = await mkdtemp(join(tmpdir(), "tenantry-operations-"));
  const objects = new FolderObjectStore(join(folder, "files"));
  const exports = new FolderObjectStore(join(folder, "exports"));
  const database = await platform.open();
  const events: OperationsEvent[] = [];
  const { dayMs, ...ports } = change;
  const keyRing = ringOfOne(await generateSigningKey());
  const open = () =>
    openTenantOperations(
      { platformName: name, keyRing, staleMs: 0, ...(dayMs === undefined ? {} : { dayMs }) },
      {
        database,
        objects,
        exports,
        clock: systemClock,
        random: systemRandom,
        onEvent: (event) => events.push(event),
        ...ports,
      },
    );
  let operations = await open();
  const run = async (request: OperationRequest) => {
    const outcome = await operations.request(request, operator);
    if (outcome.kind === "key-reused") throw new Error("there is no key");
    const settled = await operations.settled(outcome.operation.id, 30_000);
    if (settled === null) throw new Error("the operation is gone");
    return settled;
  };
  return {
    platform,
    database,
    get operations() {
      return operations;
    },
    objects,
    exports,
    events,
    async restart(between) {
      await operations[Symbol.asyncDispose]();
      const result = await between?.();
      operations = await open();
      return result;
    },
    run,
    onboard: (tenant, isolation) =>
      run({
        kind: "onboard",
        tenant: tenant as TenantId,
        input: { tier: isolation, isolation, tenantsPerCell: 90 },
      }),
    async [Symbol.asyncDispose]() {
      await operations[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Something of the tenant's in several tables, and files with content. */
export async function fillTenant(
  { database, objects }: Pick<OperationPlatform, "database" | "objects">,
  id: string,
  documents = 25,
): Promise<void> {
  const tenant = await tenantOf(database, id);
  const tenantId = tenant.id;
  await database.store.transact(tenant, async (db, execute) => {
    await execute(
      db.insertInto("documents").values(
        Array.from({ length: documents }, (_, index) => ({
          tenant_id: tenantId,
          collection: "notes",
          id: `note-${index}`,
          body: JSON.stringify({ index, text: `naïve ${"x".repeat(index % 7)}` }),
        })),
      ),
    );
    await execute(
      db.insertInto("members").values({
        tenant_id: tenantId,
        id: randomUUID(),
        email: `ada@${id}.example`,
        role: "owner",
        name: "Ada",
        password_hash: "scrypt$secret-of-ada",
      }),
    );
    await execute(
      db.insertInto("audit_events").values({
        tenant_id: tenantId,
        id: randomUUID(),
        actor_kind: "system",
        actor: "test",
        action: "member.created",
        target: "ada",
        request_id: "",
      }),
    );
  });
  const key = randomUUID();
  const { sizeBytes, sha256 } = await objects.put(tenantId, key, content());
  await database.store.transact(tenant, (db) =>
    db.insertInto("files").values({
      tenant_id: tenantId,
      id: key,
      name: "report.txt",
      media_type: "text/plain",
      size_bytes: sizeBytes,
      sha256,
      created_by: "ada",
    }),
  );
}

async function* content(): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < 3; part += 1) yield Buffer.from(`part ${part}\n`.repeat(100));
}

/** As soon as the registry knows it. */
export async function tenantOf(database: TenantDatabase, id: string) {
  for (;;) {
    const tenant = await database.registry.find(id);
    if (tenant?.status === "active") return tenant;
    await systemClock.sleep(10);
  }
}

/** Shorthand of the tests of operations. */
export const idOf = (text: string) => text as TenantId;
export const nothing = {} as Record<string, never>;
export const isolations = ["pool", "bridge", "silo"] as const;

export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );

export const notesOf = async ({ database }: Pick<OperationPlatform, "database">, id: string) =>
  database.store.read(await tenantOf(database, id), (db) =>
    db.selectFrom("documents").selectAll().orderBy("id"),
  );

/** The operation once it has ended. */
export async function ended({ operations }: OperationPlatform, id: string): Promise<Operation> {
  for (;;) {
    const operation = await operations.find(id);
    if (operation !== null && operation.endedAt !== null) return operation;
    await systemClock.sleep(20);
  }
}
