import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { gunzipSync, gzipSync } from "node:zlib";
import { isCodedError, systemClock, systemRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ringOfOne } from "../../src/identity/key-ring.ts";
import { generateSigningKey } from "../../src/identity/signing-key.ts";
import { openTenantOperations, type TenantOperationsPorts } from "../../src/operations/tenant-operations.ts";
import { findRemains } from "../../src/operations/find-remains.ts";
import { verifyCertificate } from "../../src/operations/certificate.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { verifyBundle } from "../../src/operations/bundle/verify-bundle.ts";
import {
  createOperationPlatform,
  fillTenant,
  type OperationPlatform,
  operator,
  tenantOf,
} from "./operation-platform.ts";

let world: OperationPlatform;
/** What a test does at the moments of steps. */
let interfere: NonNullable<TenantOperationsPorts["onStep"]> = () => undefined;
beforeAll(async () => {
  world = await createOperationPlatform(inject("databaseServer"), "operations", {
    onStep: (step, moment, tenant) => interfere(step, moment, tenant),
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const isolations = ["pool", "bridge", "silo"] as const;
const pairs = isolations.flatMap((from) =>
  isolations.filter((to) => to !== from).map((to) => [from, to] as const),
);
const nothing = {} as Record<string, never>;
const remove = { graceDays: 0, keepExport: false };
const idOf = (text: string) => text as TenantId;

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );
const notesOf = async (id: string) =>
  world.database.store.read(await tenantOf(world.database, id), (db) =>
    db.selectFrom("documents").selectAll().orderBy("id"),
  );

describe("a tenant's life", () => {
  test.each(isolations)(
    "a %s tenant is onboarded, suspended, resumed, exported and offboarded",
    async (isolation) => {
      const tenant = idOf(`life-${isolation}`);
      const onboarded = await world.onboard(tenant, isolation);
      expect(onboarded).toMatchObject({ state: "succeeded", error: null });
      expect(onboarded.steps.map(({ name, state }) => [name, state])).toEqual(
        ["reserve", "make-place", "migrate", "verify", "activate"].map((name) => [name, "succeeded"]),
      );
      await fillTenant(world, tenant);
      expect(await world.run({ kind: "suspend", tenant, input: { reason: "unpaid" } })).toMatchObject({
        error: null,
      });
      expect((await world.database.registry.find(tenant))?.status).toBe("suspended");
      expect(await world.run({ kind: "resume", tenant, input: nothing })).toMatchObject({ error: null });
      await tenantOf(world.database, tenant);
      const exported = await world.run({ kind: "export", tenant, input: nothing });
      expect(exported).toMatchObject({ state: "succeeded", error: null });
      const gone = await world.run({ kind: "offboard", tenant, input: remove });
      expect(gone).toMatchObject({ state: "succeeded", error: null });
      const certificate = await world.operations.certificate(tenant);
      const { certificate: verified } = await verifyCertificate(certificate?.jws ?? "");
      expect(verified).toEqual(certificate?.document);
      expect(verified).toMatchObject({
        tenant,
        life: 1,
        filesBefore: 1,
        rowsBefore: { documents: 25, members: 1 },
      });
      expect(await world.database.registry.find(tenant)).toBeUndefined();
      expect(await world.operations.readExport(exported.id)).toBeNull();
      expect(world.events).toEqual([]);
    },
  );

  test("one at a time; the same again is the same operation, and another one is refused with its id", async () => {
    const tenant = idOf("busy-co");
    await world.onboard(tenant, "pool");
    const grace = { graceDays: 30, keepExport: false };
    const waiting = await world.run({ kind: "offboard", tenant, input: grace });
    expect(waiting.state).toBe("waiting");
    const again = await world.operations.request({ kind: "offboard", tenant, input: grace }, operator);
    expect(again).toMatchObject({ kind: "running", operation: { id: waiting.id } });
    const refused = world.operations.request({ kind: "suspend", tenant, input: {} }, operator);
    await expect(refused).rejects.toMatchObject({
      code: "RUNTIME_TENANT_BUSY",
      params: { operation: waiting.id },
    });
    await end(await world.operations.cancel(waiting.id, operator));
  });

  test("a key starts one operation, and is refused for another", async () => {
    const tenant = idOf("key-co");
    await world.onboard(tenant, "pool");
    const by = { ...operator, idempotencyKey: randomUUID() };
    const first = await world.operations.request({ kind: "suspend", tenant, input: {} }, by);
    expect(first.kind).toBe("started");
    if (first.kind === "key-reused") throw new Error("unreachable");
    await end(first.operation);
    const second = await world.operations.request({ kind: "suspend", tenant, input: {} }, by);
    expect(second).toMatchObject({
      kind: "repeated",
      operation: { id: first.operation.id, state: "succeeded" },
    });
    expect(await world.operations.request({ kind: "resume", tenant, input: nothing }, by)).toEqual({
      kind: "key-reused",
    });
  });

  test("an id that was given back belongs to a new tenant, which nothing of the old one opens", async () => {
    for (const isolation of ["pool", "silo", "bridge"] as const) {
      const tenant = idOf(`again-${isolation}`);
      await world.onboard(tenant, isolation);
      await fillTenant(world, tenant);
      const old = await tenantOf(world.database, tenant);
      expect((await world.run({ kind: "offboard", tenant, input: remove })).error).toBeNull();
      expect(await world.onboard(tenant, isolation)).toMatchObject({ error: null });
      const fresh = await tenantOf(world.database, tenant);
      expect(fresh.life).toBe(2);
      expect(await notesOf(tenant)).toEqual([]);
      await fillTenant(world, tenant, 3);
      // Whoever still holds the old tenant shows the old seal, or knocks at a place that is gone.
      const seen = await world.database.placedStore
        .read(old, (db) => db.selectFrom("documents").select("id"))
        .catch(() => []);
      expect(seen).toEqual([]);
      expect((await world.run({ kind: "offboard", tenant, input: remove })).error).toBeNull();
      const second = await world.operations.certificate(tenant);
      expect(second?.document).toMatchObject({ life: 2, rowsBefore: { documents: 3 } });
    }
  });
});

describe("onboarding", () => {
  test("what cannot be made leaves nothing, says why, and can be asked for again", async () => {
    const { platform } = world;
    const tenant = idOf("unlucky-co");
    await platform.asAdmin((client) =>
      client.query(`alter role ${platform.prefix}_tenants rename to elsewhere`),
    );
    const failed = await world
      .onboard(tenant, "bridge")
      .finally(() =>
        platform.asAdmin((client) =>
          client.query(`alter role elsewhere rename to ${platform.prefix}_tenants`),
        ),
      );
    expect(failed).toMatchObject({ state: "failed", error: { code: "RUNTIME_STEP_FAILED" } });
    expect(failed.steps.map(({ name, state }) => [name, state])).toEqual([
      ["reserve", "succeeded"],
      ["make-place", "failed"],
      ["migrate", "skipped"],
      ["verify", "skipped"],
      ["activate", "skipped"],
      ["remove-again", "succeeded"],
    ]);
    expect(await world.database.registry.find(tenant)).toBeUndefined();
    world.events.length = 0;
    expect(await world.onboard(tenant, "bridge")).toMatchObject({ state: "succeeded", error: null });
    expect((await world.run({ kind: "offboard", tenant, input: remove })).error).toBeNull();
  });
});

describe("moving", () => {
  test.each(pairs)(
    "a tenant moves from %s to %s; it reads all the time and loses no write",
    async (from, to) => {
      const tenant = idOf(`move-${from}-${to}`);
      await world.onboard(tenant, from);
      await fillTenant(world, tenant);
      const client = keepWorking(tenant);
      const moved = await world.run({ kind: "move", tenant, input: { tier: to, isolation: to } });
      const { kept, reads, wrong } = await client.stop();
      expect(moved).toMatchObject({ state: "succeeded", error: null });
      expect(await tenantOf(world.database, tenant)).toMatchObject({
        isolation: to,
        tier: to,
        writes: "open",
      });
      expect(wrong).toEqual([]);
      expect(reads).toBeGreaterThan(10);
      const ids = new Set((await notesOf(tenant)).map(({ id }) => id));
      expect(kept.filter((id) => !ids.has(id))).toEqual([]);
      expect(kept.length).toBeGreaterThan(0);
      expect(ids.size).toBe(25 + kept.length);
    },
  );

  /** Reads and writes as requests do, with the tenant that the registry knows at that moment. */
  function keepWorking(id: TenantId) {
    const { database } = world;
    const stopping = new AbortController();
    const kept: string[] = [];
    const wrong: string[] = [];
    let reads = 0;
    const write = async () => {
      while (!stopping.signal.aborted) {
        const tenant = await database.registry.find(id);
        const key = randomUUID();
        // What the gateway refuses is not even tried; what it lets through may still be refused by the fence.
        if (tenant?.writes === "open") {
          const row = { tenant_id: id, collection: "work", id: key, body: "{}" };
          const isKept = await database.store
            .transact(tenant, (db) => db.insertInto("documents").values(row))
            .then(
              () => true,
              () => false,
            );
          if (isKept) kept.push(key);
        }
        await systemClock.sleep(5);
      }
    };
    const read = async () => {
      while (!stopping.signal.aborted) {
        const tenant = await database.registry.find(id);
        if (tenant === undefined) break;
        const notes = await database.store.read(tenant, (db) =>
          db.selectFrom("documents").select("id").where("collection", "=", "notes"),
        );
        reads += 1;
        if (notes.length !== 25) wrong.push(`${notes.length} notes`);
        await systemClock.sleep(2);
      }
    };
    const working = Promise.all([write(), write(), read()]);
    return {
      async stop() {
        stopping.abort();
        await working;
        return { kept, reads, wrong };
      },
    };
  }

  test("a copy that differs is found out, and the tenant stays where it is and writes again", async () => {
    const tenant = idOf("differs-co");
    await world.onboard(tenant, "pool");
    await fillTenant(world, tenant);
    const before = await notesOf(tenant);
    interfere = async (step, moment) => {
      if (step !== "verify" || moment !== "before") return;
      await world.platform.asAdmin(async (client) => {
        const { rows } = await client.query<{ name: string }>(
          "select other_object_name as name from tenantry.tenants where tenant_id = 'differs-co'",
        );
        await client.query(`delete from "${rows[0]?.name}".documents where id = 'note-7'`);
      });
    };
    const input = { tier: "bridge", isolation: "bridge" } as const;
    const failed = await world
      .run({ kind: "move", tenant, input })
      .finally(() => (interfere = () => undefined));
    expect(failed).toMatchObject({ state: "failed", error: { code: "RUNTIME_COPY_DIFFERS" } });
    expect(failed.error?.message).toContain("documents");
    expect(await tenantOf(world.database, tenant)).toMatchObject({
      isolation: "pool",
      tier: "pool",
      writes: "open",
    });
    expect(await notesOf(tenant)).toEqual(before);
    const row = { tenant_id: tenant, collection: "later", id: "one", body: "{}" };
    await world.database.store.transact(await tenantOf(world.database, tenant), (db) =>
      db.insertInto("documents").values(row),
    );
    expect(await world.run({ kind: "move", tenant, input })).toMatchObject({
      state: "succeeded",
      error: null,
    });
  });
});

test("operations are open once in a process", async () => {
  const ports = {
    clock: systemClock,
    random: systemRandom,
    onEvent: () => undefined,
    objects: null,
    exports: null,
  };
  const options = { platformName: "operations", keyRing: ringOfOne(await generateSigningKey()) };
  const second = openTenantOperations(options, { ...ports, database: world.database });
  expect(await codeOf(second)).toBe("RUNTIME_OPERATIONS_OPEN");
});

describe("exporting", () => {
  test("the archive holds every table without secrets, and the files; what is changed in it is noticed", async () => {
    const tenant = idOf("export-co");
    await world.onboard(tenant, "bridge");
    await fillTenant(world, tenant);
    const { id } = await world.run({ kind: "export", tenant, input: nothing });
    const chunks: Buffer[] = [];
    for await (const chunk of (await world.operations.readExport(id))?.content ?? [])
      chunks.push(chunk as Buffer);
    const bundle = Buffer.concat(chunks);
    const manifest = await verifyBundle([bundle] as never);
    expect(manifest.tables.map(({ name, rows, omitted }) => [name, rows, ...omitted])).toEqual([
      ["api_keys", 0, "secret_hash"],
      ["audit_events", 1],
      ["documents", 25],
      ["files", 1],
      ["invitations", 0, "token_hash"],
      ["members", 1, "password_hash"],
      ["roles", 0],
      ["usage_days", 0],
      ["sign_ins", 0, "refresh_hash", "spent_refresh_hash"],
    ]);
    expect(manifest.files).toMatchObject({ count: 1, bytes: 2_100, missing: [] });
    const plain = gunzipSync(bundle);
    expect(plain.includes("secret-of-ada")).toBe(false);
    const changed = Buffer.from(plain);
    changed.write("X", plain.indexOf('"index"') + 1);
    expect(await codeOf(verifyBundle([gzipSync(changed)] as never))).toBe("RUNTIME_BUNDLE_INVALID");
    expect(await codeOf(verifyBundle([bundle.subarray(0, bundle.length - 40)] as never))).toBe(
      "RUNTIME_BUNDLE_INVALID",
    );
    expect(await codeOf(verifyBundle([gzipSync(plain.subarray(0, plain.length - 1_024))] as never))).toBe(
      "RUNTIME_BUNDLE_INVALID",
    );
  });

  test("GNU tar reads it", async () => {
    const tenant = idOf("export-co");
    const { id } = await world.run({ kind: "export", tenant, input: nothing });
    const tar = spawn("tar", ["-tzf", "-"], { stdio: ["pipe", "pipe", "inherit"] });
    (await world.operations.readExport(id))?.content.pipe(tar.stdin);
    let names = "";
    for await (const chunk of tar.stdout) names += String(chunk);
    expect(names.trim().split("\n")).toEqual(
      expect.arrayContaining(["tables/documents.ndjson", "manifest.json"]),
    );
  });
});

describe("offboarding", () => {
  test("within its grace period the tenant is shut out, and lets itself be taken back with all its data", async () => {
    const tenant = idOf("grace-co");
    await world.onboard(tenant, "silo");
    await fillTenant(world, tenant);
    const before = await notesOf(tenant);
    const waiting = await world.run({
      kind: "offboard",
      tenant,
      input: { graceDays: 30, keepExport: false },
    });
    expect(waiting).toMatchObject({ state: "waiting" });
    const step = waiting.steps.find(({ name }) => name === "wait");
    expect(step).toMatchObject({ state: "waiting" });
    const leftMs = Date.parse(step?.detail?.replace("until ", "") ?? "") - systemClock.nowMs();
    expect(Math.round(leftMs / 86_400_000)).toBe(30);
    expect((await world.database.registry.find(tenant))?.status).toBe("offboarding");
    const cancelled = await end(await world.operations.cancel(waiting.id, operator));
    expect(cancelled).toMatchObject({ state: "cancelled", error: { code: "RUNTIME_OPERATION_CANCELLED" } });
    expect(await notesOf(tenant)).toEqual(before);
    expect(await world.operations.readExport(waiting.id)).toBeNull();
    expect(await world.operations.cancel(waiting.id, operator)).toBeNull();
  });

  test("the export outlives the tenant where that was asked for, and nothing else does", async () => {
    const tenant = idOf("kept-co");
    await world.onboard(tenant, "pool");
    await fillTenant(world, tenant);
    const { id } = await world.run({ kind: "offboard", tenant, input: { graceDays: 0, keepExport: true } });
    const found = await world.operations.readExport(id);
    expect((await verifyBundle(found?.content as never)).files.count).toBe(1);
    expect((await world.operations.certificate(tenant))?.document.export.kept).toBe(true);
  });

  test.each(isolations)("what is left of a %s tenant anywhere is found", async (isolation) => {
    const tenant = idOf(`left-${isolation}`);
    await world.onboard(tenant, isolation);
    await fillTenant(world, tenant);
    const { access } = world.database;
    const { objects, exports } = world;
    const { found } = await findRemains({ access, tenant, life: 1, objects, exports, keptExport: null });
    const text = found.join("\n");
    expect(text).toContain(`tenantry.tenants`);
    expect(text).toContain("files: ");
    if (isolation !== "silo") expect(text).toContain("tenantry.seals");
    if (isolation === "pool") expect(text).toContain("rows in pool.documents");
    else expect(text).toMatch(/role operations_t_/);
    if (isolation === "bridge") expect(text).toContain("tenantry.migrations");
    expect((await world.run({ kind: "offboard", tenant, input: remove })).error).toBeNull();
    const after = await findRemains({ access, tenant, life: 1, objects, exports, keptExport: null });
    expect(after.found).toEqual([]);
  });

  test("a certificate that somebody has changed is refused, and one that another key signed", async () => {
    const jws = (await world.operations.certificate(idOf("kept-co")))?.jws ?? "";
    const [header, , signature] = jws.split(".");
    const forged = Buffer.from(JSON.stringify({ kind: "tenantry-offboarding-certificate" })).toString(
      "base64url",
    );
    expect(await codeOf(verifyCertificate(`${header}.${forged}.${signature}`))).toBe(
      "RUNTIME_CERTIFICATE_INVALID",
    );
    expect(await codeOf(verifyCertificate(jws, await generateSigningKey()))).toBe(
      "RUNTIME_CERTIFICATE_INVALID",
    );
  });

  test("a tenant that is leaving or has left is not onboarded again by itself", async () => {
    const tenant = idOf("grace-co");
    const waiting = await world.run({ kind: "offboard", tenant, input: { graceDays: 1, keepExport: false } });
    const declared = { id: tenant, tier: "silo", isolation: "silo" } as const;
    expect(await codeOf(world.database.onboard(declared))).toBe("RUNTIME_TENANT_BUSY");
    await world.database.migrateTenants();
    expect((await world.database.registry.find(tenant))?.status).toBe("offboarding");
    await end(await world.operations.cancel(waiting.id, operator));
  });

  test("suspended tenants stay suspended when tables are migrated", async () => {
    const tenant = idOf("still-co");
    await world.onboard(tenant, "bridge");
    await world.run({ kind: "suspend", tenant, input: {} });
    await world.platform.asAdmin((client) =>
      client.query(
        "update tenantry.tenants set schema_version = 1, sealed_with = '' where tenant_id = 'still-co'",
      ),
    );
    await world.database.migrateTenants();
    expect(await world.database.registry.find(tenant)).toMatchObject({ status: "suspended" });
    const { tenants } = await world.database.migrationStatus({ limit: 100 });
    expect(tenants.find(({ tenant: id }) => id === tenant)?.state).toBe("current");
  });
});

async function end(operation: Operation | null): Promise<Operation> {
  for (let current = operation; current !== null;) {
    if (current.endedAt !== null) return current;
    await systemClock.sleep(20);
    current = await world.operations.find(current.id);
  }
  throw new Error("the operation is gone");
}
