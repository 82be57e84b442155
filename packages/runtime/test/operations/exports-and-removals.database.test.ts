import { spawn } from "node:child_process";
import { gunzipSync, gzipSync } from "node:zlib";
import { systemClock } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { generateSigningKey } from "../../src/identity/signing-key.ts";
import { verifyBundle } from "../../src/operations/bundle/verify-bundle.ts";
import { verifyCertificate } from "../../src/operations/certificate.ts";
import { findRemains } from "../../src/operations/find-remains.ts";
import {
  codeOf,
  createOperationPlatform,
  ended,
  fillTenant,
  idOf,
  isolations,
  nothing,
  notesOf,
  type OperationPlatform,
  operator,
} from "./operation-platform.ts";

let world: OperationPlatform;
beforeAll(async () => {
  world = await createOperationPlatform(inject("databaseServer"), "removals");
});
afterAll(() => world[Symbol.asyncDispose]());

const remove = { graceDays: 0, keepExport: false };

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
    const before = await notesOf(world, tenant);
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
    const cancelled = await cancel(waiting.id);
    expect(cancelled).toMatchObject({ state: "cancelled", error: { code: "RUNTIME_OPERATION_CANCELLED" } });
    expect(await notesOf(world, tenant)).toEqual(before);
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
    else expect(text).toMatch(/role removals_t_/);
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
    await cancel(waiting.id);
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

async function cancel(id: string) {
  await world.operations.cancel(id, operator);
  return ended(world, id);
}
