import { type Verdict, passes } from "@tenantry/assurance";
import { auditShared, auditSilo, requireSafe } from "../../database/audit-database.ts";
import { sealFingerprint, Sealer } from "../../database/database-secrets.ts";
import { poolSchema } from "../../database/database-names.ts";
import { errors } from "../../errors.ts";
import { resourceEvents } from "../../events/lifecycle-events.ts";
import type { Execute, WriteQueries } from "../../tenant-store/tenant-store.ts";
import { tenantAt } from "../../tenants/copy-place.ts";
import { reserve } from "../../tenants/onboard-tenant.ts";
import { removePlace } from "../../tenants/remove-place.ts";
import { createTenantPlace, migrateTenantPlace, type Place, placeOfRow } from "../../tenants/tenant-place.ts";
import { tenantOf } from "../../tenants/tenant-rows.ts";
import type { Flow } from "../flow.ts";
import type { OnboardInput } from "../operation.ts";
import {
  findTenantRow,
  removeSeal,
  removeTenantRow,
  requireStatus,
  setTenant,
  tenantRow,
} from "../registry-rows.ts";
import type { Step, StepContext } from "../step.ts";

/** Reserves a slot, makes the place, lets the tenant in. A tenant that never was active leaves nothing. */
export const onboard: Flow = {
  kind: "onboard",
  steps: () => ["reserve", "make-place", "migrate", "verify", "activate"],
  async forward(run) {
    const input = run.operation.input as unknown as OnboardInput;
    await run.step(reserveStep(input));
    await run.step(makePlace);
    await run.step(migrate(run.operation.tenant));
    await run.step(verify);
    await run.step(activate(run.operation.tenant), {
      result: () => ({ tier: input.tier, isolation: input.isolation }),
      detail: () => ({ tier: input.tier }),
    });
  },
  async back(run) {
    await run.step(removeAgain(run.operation.tenant));
  },
};

const reserveStep = ({
  tier,
  isolation,
  tenantsPerCell,
}: OnboardInput): Step<{ cell: number; slot: number }> => ({
  name: "reserve",
  ensure: async ({ owner, access, tenant }) => {
    const row = await reserve(owner, access, { id: tenant, tier, isolation, tenantsPerCell });
    requireStatus(row, "onboard");
    return { cell: row.cell, slot: row.slot };
  },
  detail: ({ cell, slot }) => `cell ${cell}, slot ${slot}`,
});

const makePlace: Step<null> = {
  name: "make-place",
  ensure: async ({ owner, access, tenant, pulse }) => {
    await createTenantPlace(access, placeOfRow(await tenantRow(owner, tenant)));
    await pulse();
    return null;
  },
};

const migrate = (tenant: string): Step<{ version: number; sealedWith: string }> => ({
  name: "migrate",
  ensure: async ({ owner, access }) => ({
    version: await migrateTenantPlace(access, placeOfRow(await tenantRow(owner, tenant))),
    sealedWith: sealFingerprint(access.secrets),
  }),
  record: (client, { version, sealedWith }) =>
    setTenant(client, tenant, { schema_version: version, sealed_with: sealedWith }),
  event: () => ({ type: resourceEvents.onboard.success, detail: {} }),
  detail: ({ version }) => `version ${version}`,
});

const verify: Step<null> = {
  name: "verify",
  ensure: async (context) => {
    const row = await tenantRow(context.owner, context.tenant);
    const place = placeOfRow(row);
    await probe(context, place);
    await context.pulse();
    const { verdicts, database } = await auditOf(context, place);
    requireSafe(database, verdicts);
    return null;
  },
};

/** Writes, reads and removes a document as the tenant, through the door that its requests go through. */
async function probe({ store, owner, tenant, operation }: StepContext, place: Place): Promise<void> {
  const seen = tenantAt(tenantOf(await tenantRow(owner, tenant)), place);
  const collection = "tenantry-probe";
  const isBack = await store.transact(seen, async (db: WriteQueries, execute: Execute) => {
    await execute(
      db.insertInto("documents").values({ tenant_id: tenant, collection, id: operation, body: "{}" }),
    );
    const found = await execute(
      db.selectFrom("documents").select(["tenant_id", "id"]).where("collection", "=", collection),
    );
    await execute(
      db.deleteFrom("documents").where("tenant_id", "=", tenant).where("collection", "=", collection),
    );
    return found.length === 1 && found[0]?.tenant_id === tenant && found[0].id === operation;
  });
  if (!isBack) throw errors.RUNTIME_PROBE_FAILED({ tenant });
}

/**
 * What the auditor says of the new place. Of the shared database that is what concerns the tenant's
 * own objects, or the pool: the places of others are made and removed meanwhile.
 */
async function auditOf(
  { access, tenant }: StepContext,
  { isolation, objectName }: Place,
): Promise<{ readonly database: string; readonly verdicts: readonly Verdict[] }> {
  if (isolation === "silo") {
    const database = objectName ?? "";
    return { database, verdicts: await auditSilo(access, tenant, database) };
  }
  const own = isolation === "pool" ? `${poolSchema}.` : (objectName ?? "");
  const verdicts = await auditShared(access);
  return {
    database: access.names.database,
    verdicts: verdicts.filter((verdict) => !passes(verdict) && JSON.stringify(verdict).includes(own)),
  };
}

const activate = (tenant: string): Step<null> => ({
  name: "activate",
  isFinal: true,
  ensure: () => Promise.resolve(null),
  record: (client) => setTenant(client, tenant, { status: "active", last_error: null }),
});

/** Only a tenant that was never active goes: what an operation did not make is not its to remove. */
const removeAgain = (tenant: string): Step<{ removed: boolean }> => ({
  name: "remove-again",
  ensure: async ({ owner, access, pulse }) => {
    const row = await findTenantRow(owner, tenant);
    if (row === null || (row.status !== "provisioning" && row.status !== "failed")) return { removed: false };
    const seal = new Sealer(access.secrets, access.names.database).seal(tenant, row.life);
    await removePlace(access, placeOfRow(row), { seal, pulse });
    return { removed: true };
  },
  record: async (client, { removed }) => {
    if (!removed) return;
    await removeSeal(client, tenant);
    await removeTenantRow(client, tenant);
  },
  event: () => ({ type: resourceEvents.onboard.failure, detail: {} }),
});
