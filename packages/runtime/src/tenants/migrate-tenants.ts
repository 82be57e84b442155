import type { TenantId } from "@tenantry/model";
import { asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { platformSchema } from "../database/database-names.ts";
import { sealFingerprint } from "../database/database-secrets.ts";
import { latestVersion } from "../database/migration.ts";
import { finishTenant, registered, unfinishedOperation, withTenantLock } from "./onboard-tenant.ts";
import { tenantColumns, tenantOf, type TenantRow } from "./tenant-rows.ts";
import type { TenantStatus } from "./tenant.ts";

export interface MigrationSummary {
  /** The version that tenants are brought to. */
  readonly version: number;
  readonly migrated: readonly TenantId[];
  readonly failed: readonly { readonly tenant: TenantId; readonly reason: string }[];
}

export interface TenantMigrationStatus {
  readonly tenant: TenantId;
  readonly status: TenantStatus;
  readonly version: number;
  readonly state: "current" | "behind";
  /** Why the last attempt failed; null if it did not. */
  readonly lastError: string | null;
}

const concurrency = 3;
const pageSize = 100;
const table = `${platformSchema}.tenants`;

/**
 * Finishes tenants that were left half-way, migrates those behind the latest version and seals
 * again those sealed with an older secret; looks at nobody else. One tenant's failure is recorded with that tenant and stops no other.
 */
export async function migrateTenants(access: DatabaseAccess): Promise<MigrationSummary> {
  const version = latestVersion(access.migrations);
  const migrated: TenantId[] = [];
  const failed: { tenant: TenantId; reason: string }[] = [];
  for (let after = ""; ;) {
    const ids = await behind(access, version, after);
    const queue = [...ids];
    const worker = async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        const tenant = id;
        await migrateTenant(access, tenant, version).then(
          () => migrated.push(tenant),
          (error: unknown) =>
            failed.push({ tenant, reason: error instanceof Error ? error.message : String(error) }),
        );
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, ids.length) }, worker));
    const last = ids.at(-1);
    if (last === undefined || ids.length < pageSize) break;
    after = last;
  }
  migrated.sort();
  failed.sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
  return { version, migrated, failed };
}

async function behind(access: DatabaseAccess, version: number, after: string): Promise<readonly TenantId[]> {
  return asOwner(access, access.names.database, async (owner) => {
    // Index scans, each over nothing on most days, instead of one pass over all tenants.
    // What is being removed stays as it is.
    const reasons = [
      "status in ('provisioning', 'failed') and tenant_id > $2",
      "isolation <> 'pool' and schema_version < $1 and status <> 'offboarding' and tenant_id > $2",
      "sealed_with < $4 and status <> 'offboarding' and tenant_id > $2",
      "sealed_with > $4 and status <> 'offboarding' and tenant_id > $2",
      "other_isolation is not null and status <> 'offboarding' and tenant_id > $2",
    ].map((condition) => `(select tenant_id from ${table} where ${condition} order by tenant_id limit $3)`);
    const { rows } = await owner.query<{ tenant_id: TenantId }>(
      `select tenant_id from (${reasons.join(" union ")}) as unfinished order by tenant_id limit $3`,
      [version, after, pageSize, sealFingerprint(access.secrets)],
    );
    return rows.map((row) => row.tenant_id);
  });
}

async function migrateTenant(access: DatabaseAccess, id: TenantId, version: number): Promise<void> {
  await asOwner(access, access.names.database, (owner) =>
    withTenantLock(owner, id, async () => {
      const row = await registered(owner, id);
      const isSealed = row?.sealed_with === sealFingerprint(access.secrets);
      // Another process was faster.
      if (row === undefined || (isSetUp(row) && row.schema_version >= version && isSealed)) return;
      const isOperatedOn = (await unfinishedOperation(owner, id)) !== null;
      await finishTenant(access, owner, row, isOperatedOn ? "operation" : "this");
    }),
  );
}

/** Whether all that it has is there; what is being removed has nothing to be finished. */
function isSetUp({ status, other_isolation }: TenantRow): boolean {
  if (status === "offboarding") return true;
  return status !== "provisioning" && status !== "failed" && other_isolation === null;
}

export async function migrationStatus(
  access: DatabaseAccess,
  page: { readonly limit: number; readonly after?: TenantId },
): Promise<{
  readonly version: number;
  readonly tenants: readonly TenantMigrationStatus[];
  readonly more: boolean;
}> {
  const version = latestVersion(access.migrations);
  const limit = Math.max(1, Math.min(1_000, Math.trunc(page.limit)));
  const rows = await asOwner(access, access.names.database, async (owner) => {
    const result = await owner.query<TenantRow>(
      `select ${tenantColumns} from ${table} where tenant_id > $1 order by tenant_id limit $2`,
      [page.after ?? "", limit + 1],
    );
    return result.rows;
  });
  const tenants = rows.slice(0, limit).map((row): TenantMigrationStatus => {
    const { id, status, schemaVersion } = tenantOf(row);
    const state = schemaVersion >= version ? "current" : "behind";
    return { tenant: id, status, version: schemaVersion, state, lastError: row.last_error };
  });
  return { version, tenants, more: rows.length > limit };
}
