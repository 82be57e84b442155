import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { ObjectStore } from "./object-store.ts";

/** Longer than the slowest upload that is allowed takes, so that one under way is never taken for a leftover. */
const leftoverMs = 86_400_000;
const objectsPerQuery = 500;

/**
 * Removes objects that no row of `files` leads to: what a process has left that ended between
 * keeping the content and writing the row, or between deleting the row and the content. A row is
 * only written once its object is there, so the other way round there is nothing to mend.
 */
export async function sweepObjects(
  store: TenantStore,
  objects: ObjectStore,
  tenant: Tenant,
  nowMs: number,
): Promise<"later"> {
  const beforeMs = nowMs - leftoverMs;
  await objects.removeUnfinished(tenant.id, beforeMs);
  let batch: string[] = [];
  for await (const { key, modifiedMs } of objects.list(tenant.id)) {
    if (modifiedMs < beforeMs) batch.push(key);
    if (batch.length === objectsPerQuery) {
      await removeWithoutRow(store, objects, tenant, batch);
      batch = [];
    }
  }
  await removeWithoutRow(store, objects, tenant, batch);
  return "later";
}

async function removeWithoutRow(
  store: TenantStore,
  objects: ObjectStore,
  tenant: Tenant,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const rows = await store.read(tenant, (db) =>
    db.selectFrom("files").select("id").where("tenant_id", "=", tenant.id).where("id", "in", keys),
  );
  const known = new Set(rows.map(({ id }) => id));
  for (const key of keys) if (!known.has(key)) await objects.delete(tenant.id, key);
}
