import { keepSeal } from "../../database/current-tenant.ts";
import { asOwner } from "../../database/database-access.ts";
import { platformSchema } from "../../database/database-names.ts";
import { Sealer } from "../../database/database-secrets.ts";
import { errors } from "../../errors.ts";
import { resourceEvents } from "../../events/lifecycle-events.ts";
import { tablesAt, tenantAt } from "../../tenants/copy-place.ts";
import type { ReadQueries } from "../../tenant-store/tenant-store.ts";
import { removePlace } from "../../tenants/remove-place.ts";
import { ensureTenantPlace, locationOf, placeOfRow } from "../../tenants/tenant-place.ts";
import { tenantOf } from "../../tenants/tenant-rows.ts";
import type { TenantStatus } from "../../tenants/tenant.ts";
import { type OffboardingCertificate, signCertificate } from "../certificate.ts";
import { findRemains } from "../find-remains.ts";
import type { Flow } from "../flow.ts";
import type { OffboardInput, Operation } from "../operation.ts";
import { operationOf, readOperationRow } from "../operation-records.ts";
import {
  findTenantRow,
  removeSeal,
  removeTenantRow,
  requireStatus,
  setTenant,
  tenantRow,
} from "../registry-rows.ts";
import type { Step } from "../step.ts";
import { discardExport, exportStep, exportsOf, verifyExport, type WrittenExport } from "./export.ts";

/**
 * The end of a tenant:
 *
 *   shut-out ─▶ export ─▶ verify-export ─▶ wait ─▶ inventory ─▶ revoke ─▶ remove-… ─▶ deregister ─▶ verify-absence ─▶ certify
 *      └─────────────── back ────────────────┘        └ no way back
 *
 * It is shut out at once and can return for as long as it waits. What is left of it in the end is
 * the record of its operations and a certificate.
 */
export const offboard: Flow = {
  kind: "offboard",
  steps: () => [
    "shut-out",
    "export",
    "verify-export",
    "wait",
    "inventory",
    "revoke",
    "remove-data",
    "remove-files",
    "remove-exports",
    "deregister",
    "verify-absence",
    "certify",
  ],
  async forward(run) {
    const { tenant } = run.operation;
    const input = run.operation.input as unknown as OffboardInput;
    const { untilMs } = await run.step(shutOut(tenant, input.graceDays));
    const written = await run.step(exportStep);
    await run.step(verifyExport);
    await run.rest("wait", untilMs);
    await run.step(waited);
    const before = await run.step(inventory);
    run.insist();
    await run.step(revoke);
    await run.step(removeData(tenant));
    await run.step(removeFiles);
    await run.step(removeExports(input.keepExport));
    await run.step(deregister(tenant));
    const absence = await run.step(verifyAbsence(before.life, input.keepExport));
    await run.step(certify(run.operation, { written, before, absence }), {
      result: ({ removedAt }) => ({ exportId: run.operation.id, exportSha256: written.sha256, removedAt }),
      detail: ({ removedAt }) => ({ exportSha256: written.sha256, removedAt }),
    });
  },
  async back(run) {
    await run.step(discardExport);
    await run.step(letInAgain(run.operation));
  },
};

const shutOut = (
  tenant: string,
  graceDays: number,
): Step<{ readonly previous: TenantStatus; readonly untilMs: number }> => ({
  name: "shut-out",
  ensure: async ({ owner, clock, dayMs, ...context }) => {
    exportsOf(context);
    const row = await tenantRow(owner, tenant);
    requireStatus(row, "offboard");
    // One that an earlier removal has left stays shut out, should this one be cancelled.
    const previous = row.status === "offboarding" ? "suspended" : row.status;
    return { previous, untilMs: clock.nowMs() + graceDays * dayMs };
  },
  record: (client) => setTenant(client, tenant, { status: "offboarding" }),
});

const waited: Step<null> = { name: "wait", ensure: () => Promise.resolve(null) };

interface Inventory {
  readonly rows: Readonly<Record<string, number>>;
  readonly files: number;
  readonly life: number;
}

/** What there is now, for the certificate. From here on there is no way back. */
const inventory: Step<Inventory> = {
  name: "inventory",
  isFinal: true,
  ensure: async ({ owner, access, store, objects, tenant: id, pulse }) => {
    const row = await tenantRow(owner, id);
    const place = placeOfRow(row);
    const tenant = tenantAt(tenantOf(row), place);
    const rows: Record<string, number> = {};
    for (const { name } of await tablesAt(access, place)) {
      await pulse();
      const counted = await store.read(tenant, (db: ReadQueries) =>
        db.selectFrom(name as "documents").select(db.fn.countAll().as("rows")),
      );
      rows[name] = Number(counted[0]?.rows ?? 0);
    }
    let files = 0;
    for await (const _ of objects?.list(id) ?? []) files += 1;
    return { rows, files, life: row.life };
  },
  detail: ({ rows, files }) =>
    `${Object.values(rows).reduce((sum, count) => sum + count, 0)} rows, ${files} files`,
};

/** The seal that every process knows opens nothing any more; another one does, for what follows. */
const revoke: Step<null> = {
  name: "revoke",
  ensure: async ({ owner, access, tenant }) => {
    const row = await findTenantRow(owner, tenant);
    if (row === null) return null;
    const { database } = locationOf(access, placeOfRow(row));
    await asOwner(access, database, (inside) =>
      keepSeal(inside, tenant, new Sealer(access.secrets, database).removalSeal(tenant)),
    );
    return null;
  },
};

const removeData = (tenant: string): Step<null> => ({
  name: "remove-data",
  ensure: async ({ owner, access, pulse }) => {
    const row = await findTenantRow(owner, tenant);
    if (row === null) return null;
    const seal = new Sealer(access.secrets, access.names.database).removalSeal(tenant);
    await removePlace(access, placeOfRow(row), { seal, pulse });
    return null;
  },
  record: (client) => setTenant(client, tenant, { schema_version: 0 }),
});

const removeFiles: Step<{ files: number }> = {
  name: "remove-files",
  ensure: async ({ objects, tenant, clock, pulse }) => {
    let files = 0;
    if (objects === null) return { files };
    await objects.removeUnfinished(tenant, clock.nowMs() + 60_000);
    for await (const { key } of objects.list(tenant)) {
      await pulse();
      await objects.delete(tenant, key);
      files += 1;
    }
    return { files };
  },
};

/** All exports of the tenant, the last one among them unless it is to be kept. */
const removeExports = (keepsLast: boolean): Step<null> => ({
  name: "remove-exports",
  ensure: async (context) => {
    const exports = exportsOf(context);
    await exports.removeUnfinished(context.tenant, context.clock.nowMs() + 60_000);
    for await (const { key } of exports.list(context.tenant)) {
      await context.pulse();
      if (!keepsLast || key !== context.operation) await exports.delete(context.tenant, key);
    }
    return null;
  },
});

const deregister = (tenant: string): Step<null> => ({
  name: "deregister",
  ensure: () => Promise.resolve(null),
  record: async (client) => {
    await removeSeal(client, tenant);
    await client.query(`delete from ${platformSchema}.rate_buckets where starts_with(bucket, $1)`, [
      `${tenant}/`,
    ]);
    await removeTenantRow(client, tenant);
  },
  event: () => ({ type: resourceEvents.offboard.success, detail: {} }),
});

interface Absence {
  readonly searched: readonly string[];
  readonly at: string;
}

const verifyAbsence = (life: number, keepsExport: boolean): Step<Absence> => ({
  name: "verify-absence",
  ensure: async ({ access, tenant, objects, exports, operation, clock }) => {
    const keptExport = keepsExport ? operation : null;
    const { found, searched } = await findRemains({ access, tenant, life, objects, exports, keptExport });
    if (found.length > 0) throw errors.RUNTIME_REMAINS({ tenant, remains: found });
    return { searched, at: new Date(clock.nowMs()).toISOString() };
  },
  detail: ({ searched }) => `looked through ${searched.length} places`,
});

interface Certified {
  readonly document: OffboardingCertificate;
  readonly jws: string;
  readonly removedAt: string;
}

const certify = (
  { id, tenant, requestedBy, createdAt, input }: Operation,
  done: { readonly written: WrittenExport; readonly before: Inventory; readonly absence: Absence },
): Step<Certified> => ({
  name: "certify",
  ensure: async ({ owner, signer, clock }) => {
    const row = await readOperationRow(owner, id);
    const steps = row === null ? [] : operationOf(row).steps;
    const removed = steps
      .filter(({ name, endedAt }) => certified.has(name) && endedAt !== null)
      .map(({ name, endedAt }) => ({ what: certified.get(name) ?? name, at: endedAt ?? "" }));
    const { written, before, absence } = done;
    const document: OffboardingCertificate = {
      kind: "tenantry-offboarding-certificate",
      version: 1,
      platform: signer.platform,
      tenant,
      life: before.life,
      operation: id,
      requestedBy,
      requestedAt: createdAt,
      removedAt: absence.at,
      issuedAt: new Date(clock.nowMs()).toISOString(),
      rowsBefore: before.rows,
      filesBefore: before.files,
      export: {
        sha256: written.sha256,
        sizeBytes: written.sizeBytes,
        kept: input["keepExport"] === true,
      },
      removed,
      absentFrom: absence.searched,
    };
    const jws = await signCertificate(document, signer.currentKey());
    return { document, jws, removedAt: absence.at };
  },
  record: async (client, { document, jws }) => {
    await client.query(
      `insert into ${platformSchema}.certificates (tenant_id, life, operation_id, document, jws, created_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [tenant, document.life, id, JSON.stringify(document), jws, document.issuedAt],
    );
  },
});

const certified: ReadonlyMap<string, string> = new Map([
  ["shut-out", "access through the gateway"],
  ["revoke", "the seal that opened its rows"],
  ["remove-data", "its rows, or its schema or database with its role"],
  ["remove-files", "the content of its files"],
  ["remove-exports", "its exports"],
  ["deregister", "its registration and its rate counters"],
]);

/** It may have missed migrations and a change of secrets meanwhile. */
const letInAgain = ({ tenant }: Operation): Step<{ readonly status: TenantStatus | null }> => ({
  name: "let-in-again",
  ensure: async ({ owner, access, operation }) => {
    const row = await findTenantRow(owner, tenant);
    if (row?.status !== "offboarding") return { status: null };
    await ensureTenantPlace(access, placeOfRow(row));
    const { rows } = await owner.query<{ previous: TenantStatus | null }>(
      `select result ->> 'previous' as previous from ${platformSchema}.operation_steps
       where operation_id = $1 and name = 'shut-out'`,
      [operation],
    );
    return { status: rows[0]?.previous ?? "suspended" };
  },
  record: async (client, { status }) => {
    if (status === null) return;
    await setTenant(client, tenant, { status });
  },
});
