import { isTenantId, type Isolation, type Placement } from "@tenantry/model";
import type pg from "pg";
import { errors } from "../errors.ts";
import { asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { platformSchema } from "../database/database-names.ts";
import { sealFingerprint } from "../database/database-secrets.ts";
import { inTransaction } from "../database/database-server.ts";
import { isSqlError } from "../database/sql-error.ts";
import type { Tenant } from "./tenant.ts";
import { ensureTenantPlace, objectNameOf, otherPlaceOfRow, placeOfRow } from "./tenant-place.ts";
import { tenantColumns, tenantOf, type TenantRow } from "./tenant-rows.ts";

export interface OnboardRequest {
  readonly id: string;
  readonly tier: string;
  readonly isolation: Isolation;
  /** The lowest free slot of the lowest cell with room where it is not given. Both count from 1. */
  readonly placement?: Placement;
  /** How many tenants a cell has room for when a slot is to be found. */
  readonly tenantsPerCell?: number;
}

const table = `${platformSchema}.tenants`;

/**
 * Registers a tenant and makes its place.
 *
 * absent ── reserved with its slot ──▶ provisioning ── place made and migrated ──▶ active
 *                                         │  ▲
 *                           a step failed ▼  │ asked again
 *                                         failed
 *
 * Asking again continues where it stopped; asking for an active tenant returns it.
 */
export async function onboardTenant(access: DatabaseAccess, request: OnboardRequest): Promise<Tenant> {
  return asOwner(access, access.names.database, (owner) =>
    withTenantLock(owner, request.id, async () => {
      await requireNoOperation(owner, request.id);
      const reserved = await reserve(owner, access, request);
      const isSetUp = reserved.status !== "provisioning" && reserved.status !== "failed";
      return isSetUp ? tenantOf(reserved) : finishTenant(access, owner, reserved);
    }),
  );
}

/** Whether an operation works on the tenant; its steps are then the only ones that change it. */
export async function unfinishedOperation(client: pg.ClientBase, id: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `select id from ${platformSchema}.operations where tenant_id = $1 and ended_at is null`,
    [id],
  );
  return rows[0]?.id ?? null;
}

async function requireNoOperation(owner: pg.Client, id: string): Promise<void> {
  const operation = await unfinishedOperation(owner, id);
  if (operation !== null) throw errors.RUNTIME_TENANT_BUSY({ id, operation });
}

/**
 * Makes the place of a registered tenant, or brings it to the latest version, and records the
 * outcome. What the tenant may do is changed only where no operation is about to.
 */
export async function finishTenant(
  access: DatabaseAccess,
  owner: pg.Client,
  row: TenantRow,
  whoDecides: "this" | "operation" = "this",
): Promise<Tenant> {
  const { id } = tenantOf(row);
  const isNew = row.status === "provisioning" || row.status === "failed";
  const decide = (status: Tenant["status"]) => (isNew && whoDecides === "this" ? status : row.status);
  try {
    const version = await ensureTenantPlace(access, placeOfRow(row));
    const other = otherPlaceOfRow(row);
    if (other !== null) await ensureTenantPlace(access, other);
    return await record(owner, id, {
      status: decide("active"),
      version,
      sealedWith: sealFingerprint(access.secrets),
      lastError: null,
    });
  } catch (error) {
    // A tenant that already works keeps working with the tables it has.
    const reason = error instanceof Error ? error.message : String(error);
    await record(owner, id, {
      status: decide("failed"),
      version: row.schema_version,
      sealedWith: null,
      lastError: reason,
    }).catch(() => undefined);
    throw error;
  }
}

/** One process at a time works on a tenant; the lock ends with the connection. */
export async function withTenantLock<Result>(
  owner: pg.Client,
  id: string,
  fn: () => Promise<Result>,
): Promise<Result> {
  const lock = `tenantry:tenant:${id}`;
  await owner.query("select pg_advisory_lock(hashtextextended($1, 0))", [lock]);
  try {
    return await fn();
  } finally {
    await owner.query("select pg_advisory_unlock(hashtextextended($1, 0))", [lock]).catch(() => undefined);
  }
}

export async function registered(owner: pg.Client, id: string): Promise<TenantRow | undefined> {
  const { rows } = await owner.query<TenantRow>(
    `select ${tenantColumns} from ${table} where tenant_id = $1`,
    [id],
  );
  return rows[0];
}

/** The tenant's row, made where there is none. @throws CodedError RUNTIME_TENANT_ID, RUNTIME_TENANT_DIFFERS, RUNTIME_SLOT_TAKEN */
export async function reserve(
  owner: pg.Client,
  access: DatabaseAccess,
  request: OnboardRequest,
): Promise<TenantRow> {
  const { id, tier, isolation } = request;
  if (!isTenantId(id)) throw errors.RUNTIME_TENANT_ID({ id });
  const existing = await registered(owner, id);
  if (existing !== undefined) return verifySame(existing, request);
  try {
    return await inTransaction(owner, async () => {
      // Slots are given out one after the other, so that "lowest free" means something.
      await owner.query("select pg_advisory_xact_lock(hashtextextended('tenantry:placement', 0))");
      const { cell, slot } = request.placement ?? (await lowestFreePlacement(owner, request.tenantsPerCell));
      const life = await nextLife(owner, id);
      const objectName = objectNameOf(access, id, isolation, life === 1 ? undefined : `life ${life}`);
      const { rows } = await owner.query<TenantRow>(
        `insert into ${table} (tenant_id, tier, isolation, status, cell, slot, object_name, life)
         values ($1, $2, $3, 'provisioning', $4, $5, $6, $7) returning ${tenantColumns}`,
        [id, tier, isolation, cell, slot, objectName, life],
      );
      return rows[0] as TenantRow;
    });
  } catch (error) {
    if (
      isSqlError(error) &&
      error.constraint === "tenants_cell_slot_key" &&
      request.placement !== undefined
    ) {
      throw errors.RUNTIME_SLOT_TAKEN({ id, ...request.placement }, error);
    }
    throw error;
  }
}

/** One more than that of the last tenant of this id that is gone: nothing that was its opens the new one. */
async function nextLife(owner: pg.Client, id: string): Promise<number> {
  const { rows } = await owner.query<{ life: number }>(
    `select 1 + coalesce(max(life), 0) as life from ${platformSchema}.certificates where tenant_id = $1`,
    [id],
  );
  return rows[0]?.life ?? 1;
}

const tenantsPerCellDefault = 90;

/** The model's rule (`place`), over the tenants that the registry knows. */
async function lowestFreePlacement(
  owner: pg.Client,
  tenantsPerCell: number = tenantsPerCellDefault,
): Promise<Placement> {
  const { rows } = await owner.query<{ place: number }>(
    `with taken as (select (cell - 1) * $1::bigint + slot - 1 as place from ${table} where slot <= $1)
     select case
       when not exists (select from taken where place = 0) then 0
       else (select min(t.place) + 1 from taken t where not exists (select from taken n where n.place = t.place + 1))
     end::integer as place`,
    [tenantsPerCell],
  );
  const place = rows[0]?.place ?? 0;
  return { cell: Math.floor(place / tenantsPerCell) + 1, slot: (place % tenantsPerCell) + 1 };
}

function verifySame(row: TenantRow, { id, tier, isolation, placement }: OnboardRequest): TenantRow {
  const pairs: readonly (readonly [string, string | number, string | number | undefined])[] = [
    ["tier", row.tier, tier],
    ["isolation", row.isolation, isolation],
    ["cell", row.cell, placement?.cell],
    ["slot", row.slot, placement?.slot],
  ];
  for (const [property, has, wanted] of pairs) {
    if (wanted !== undefined && has !== wanted) {
      throw errors.RUNTIME_TENANT_DIFFERS({ id, property, has: String(has), wanted: String(wanted) });
    }
  }
  return row;
}

async function record(
  owner: pg.Client,
  id: string,
  outcome: {
    readonly status: Tenant["status"];
    readonly version: number;
    /** Null where the seal was not renewed. */
    readonly sealedWith: string | null;
    readonly lastError: string | null;
  },
): Promise<Tenant> {
  const { rows } = await owner.query<TenantRow>(
    `update ${table} set status = $2, schema_version = $3, sealed_with = coalesce($4, sealed_with), last_error = $5
     where tenant_id = $1 returning ${tenantColumns}`,
    [id, outcome.status, outcome.version, outcome.sealedWith, outcome.lastError],
  );
  return tenantOf(rows[0] as TenantRow);
}
