import { type Compilable, type Selectable, sql } from "kysely";
import { ProblemError } from "../../http/problems.ts";
import type { Execute, StoreOptions, TenantStore, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { FilesTable } from "../../tenant-store/tenant-tables.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { readRowsByOffset } from "../item-list-route.ts";

export type StoredFile = Omit<Selectable<FilesTable>, "tenant_id" | "version" | "updated_at">;

const columns = ["id", "name", "media_type", "size_bytes", "sha256", "created_by", "created_at"] as const;

export interface NewFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly createdBy: string;
}

/**
 * Adds the row of a file whose content is kept already.
 *
 * @param bytesMax what all files of the tenant may hold together; null for no limit
 * @throws ProblemError STORAGE_EXHAUSTED
 */
export async function insertFile(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  file: NewFile,
  bytesMax: number | null,
): Promise<StoredFile> {
  if (bytesMax !== null) {
    await execute(lockStorage(db, tenant));
    requireRoom(await execute(sumOfFiles(db, tenant)), file.sizeBytes, bytesMax);
  }
  const [row] = await execute(
    db
      .insertInto("files")
      .values({
        tenant_id: tenant.id,
        id: file.id,
        name: file.name,
        media_type: file.mediaType,
        size_bytes: file.sizeBytes,
        sha256: file.sha256,
        created_by: file.createdBy,
      })
      .returning(columns),
  );
  return row as StoredFile;
}

/**
 * Lets uploads of one tenant that end at once be counted one after the other. The row stands for
 * the storage of the tenant; no request can have a key with a space, and the day after it goes the
 * way of all keys.
 */
function lockStorage(db: WriteQueries, tenant: Tenant): Compilable<unknown> {
  return db
    .insertInto("idempotency_keys")
    .values({ tenant_id: tenant.id, key: "storage of files", fingerprint: "" })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "key"]).doUpdateSet({ created_at: sql<Date>`now()` }),
    )
    .returning("key");
}

function sumOfFiles(
  db: Pick<WriteQueries, "selectFrom">,
  tenant: Tenant,
): Compilable<{ readonly bytes: string }> {
  return db
    .selectFrom("files")
    .select(sql<string>`coalesce(sum(size_bytes), 0)::text`.as("bytes"))
    .where("tenant_id", "=", tenant.id);
}

function requireRoom(sum: readonly { readonly bytes: string }[], more: number, bytesMax: number): void {
  const used = Number(sum[0]?.bytes ?? 0);
  if (used + more <= bytesMax) return;
  throw new ProblemError("STORAGE_EXHAUSTED", {
    detail: `the tier allows ${bytesMax} bytes, ${used} are used, and the file has ${more}; delete files first`,
  });
}

/** Refuses, before anything is sent, what would not fit. @throws ProblemError STORAGE_EXHAUSTED */
export async function requireStorage(
  store: TenantStore,
  tenant: Tenant,
  more: number,
  bytesMax: number,
  options: StoreOptions,
): Promise<void> {
  requireRoom(await store.read(tenant, (db) => sumOfFiles(db, tenant), options), more, bytesMax);
}

export async function findFile(
  store: TenantStore,
  tenant: Tenant,
  id: string,
  options: StoreOptions,
): Promise<StoredFile> {
  const [row] = await store.read(
    tenant,
    (db) => db.selectFrom("files").select(columns).where("tenant_id", "=", tenant.id).where("id", "=", id),
    options,
  );
  if (row === undefined) throw new ProblemError("FILE_NOT_FOUND");
  return row;
}

/** @returns what was deleted */
export function deleteFileRow(db: WriteQueries, tenant: Tenant, id: string): Compilable<StoredFile> {
  return db.deleteFrom("files").where("tenant_id", "=", tenant.id).where("id", "=", id).returning(columns);
}

export function listFilesByOffset(
  store: TenantStore,
  tenant: Tenant,
  page: { readonly offset: number; readonly limit: number },
  options: StoreOptions,
): Promise<{ readonly rows: readonly StoredFile[]; readonly total: number }> {
  return readRowsByOffset(
    store,
    tenant,
    (db) => db.selectFrom("files").select(columns).where("tenant_id", "=", tenant.id).orderBy("id"),
    page,
    options,
  );
}

/** At most `limit` files that come after, in the order of their ids, which is the order of creation. */
export function listFilesAfter(
  store: TenantStore,
  tenant: Tenant,
  page: { readonly after: string | null; readonly limit: number },
  options: StoreOptions,
): Promise<readonly StoredFile[]> {
  return store.read(
    tenant,
    (db) => {
      const files = db
        .selectFrom("files")
        .select(columns)
        .where("tenant_id", "=", tenant.id)
        .orderBy("id")
        .limit(page.limit);
      return page.after === null ? files : files.where("id", ">", page.after);
    },
    options,
  );
}
