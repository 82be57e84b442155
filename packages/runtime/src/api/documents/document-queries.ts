import { type Compilable, type Selectable, sql } from "kysely";
import { mergePatch } from "../../http/merge-patch.ts";
import { preparedQuery } from "../../tenant-store/prepared-query.ts";
import type {
  Execute,
  ReadQueries,
  StoreOptions,
  TenantStore,
  WriteQueries,
} from "../../tenant-store/tenant-store.ts";
import type { DocumentsTable, JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { readRowsByOffset } from "../item-list-route.ts";

/** A document as it is stored, without the tenant, which is always the one that asked. */
export type StoredDocument = Omit<Selectable<DocumentsTable>, "tenant_id">;

export const documentColumns = ["collection", "id", "body", "version", "created_at", "updated_at"] as const;

/** Where a document is, and which of its versions are meant: null means any. */
export interface DocumentAddress {
  readonly collection: string;
  readonly id: string;
  readonly versions: readonly number[] | null;
}

/** What a conditional write did. */
export type WriteOutcome =
  | { readonly kind: "written"; readonly document: StoredDocument }
  | { readonly kind: "missing" }
  /** The document has another version than those that were meant. */
  | { readonly kind: "changed" };

/** What a document is made of, before it is stored. */
export interface NewDocument {
  readonly collection: string;
  readonly id: string;
  readonly body: JsonObject;
}

const documentInsert = preparedQuery(
  (
    db: WriteQueries,
    document: {
      readonly tenant: string;
      readonly collection: string;
      readonly id: string;
      readonly body: string;
    },
  ): Compilable<StoredDocument> => {
    const { tenant, collection, id, body } = document;
    return db
      .insertInto("documents")
      .values({ tenant_id: tenant, collection, id, body })
      .returning(documentColumns);
  },
);

/** Returns the documents that were made, in no order. */
export function insertDocuments(
  db: WriteQueries,
  tenant: Tenant,
  documents: readonly NewDocument[],
): Compilable<StoredDocument> {
  const [first] = documents;
  if (first !== undefined && documents.length === 1) {
    const { collection, id, body } = first;
    return documentInsert(db, { tenant: tenant.id, collection, id, body: JSON.stringify(body) });
  }
  return db
    .insertInto("documents")
    .values(
      documents.map(({ collection, id, body }) => ({
        tenant_id: tenant.id,
        collection,
        id,
        body: JSON.stringify(body),
      })),
    )
    .returning(documentColumns);
}

const documentById = preparedQuery(
  (
    db: ReadQueries,
    document: { readonly tenant: string; readonly collection: string; readonly id: string },
  ): Compilable<StoredDocument> =>
    db
      .selectFrom("documents")
      .select(documentColumns)
      .where("tenant_id", "=", document.tenant)
      .where("collection", "=", document.collection)
      .where("id", "=", document.id),
);

export async function findDocument(
  store: TenantStore,
  tenant: Tenant,
  collection: string,
  id: string,
  options: StoreOptions,
): Promise<StoredDocument | undefined> {
  const rows = await store.read(
    tenant,
    (db) => documentById(db, { tenant: tenant.id, collection, id }),
    options,
  );
  return rows[0];
}

interface CollectionPage {
  readonly tenant: string;
  readonly collection: string;
  readonly limit: number;
}

const firstPage = preparedQuery((db: ReadQueries, { tenant, collection, limit }: CollectionPage) =>
  db
    .selectFrom("documents")
    .select(documentColumns)
    .where("tenant_id", "=", tenant)
    .where("collection", "=", collection)
    .orderBy("id")
    .limit(limit),
);

const laterPage = preparedQuery(
  (db: ReadQueries, { tenant, collection, limit, after }: CollectionPage & { readonly after: string }) =>
    db
      .selectFrom("documents")
      .select(documentColumns)
      .where("tenant_id", "=", tenant)
      .where("collection", "=", collection)
      .where("id", ">", after)
      .orderBy("id")
      .limit(limit),
);

/** At most `limit` documents after `after`, in the order of their ids. */
export function listDocuments(
  store: TenantStore,
  tenant: Tenant,
  page: { readonly collection: string; readonly limit: number; readonly after: string | null },
  options: StoreOptions,
): Promise<StoredDocument[]> {
  const { collection, limit, after } = page;
  const asked = { tenant: tenant.id, collection, limit };
  return store.read(
    tenant,
    (db) => (after === null ? firstPage(db, asked) : laterPage(db, { ...asked, after })),
    options,
  );
}

/** A page of documents in the order of their ids, and how many there are on all pages. */
export function listDocumentsByOffset(
  store: TenantStore,
  tenant: Tenant,
  page: { readonly collection: string; readonly limit: number; readonly offset: number },
  options: StoreOptions,
): Promise<{ readonly rows: readonly StoredDocument[]; readonly total: number }> {
  return readRowsByOffset(
    store,
    tenant,
    (db) =>
      db
        .selectFrom("documents")
        .select(documentColumns)
        .where("tenant_id", "=", tenant.id)
        .where("collection", "=", page.collection)
        .orderBy("id"),
    page,
    options,
  );
}

/** Checks the version and replaces the body in one statement, so that no other write comes between. */
export async function replaceDocument(
  store: TenantStore,
  tenant: Tenant,
  address: DocumentAddress,
  body: JsonObject,
  options: StoreOptions,
): Promise<WriteOutcome> {
  const rows = await store.transact(
    tenant,
    (db) => {
      const update = db
        .updateTable("documents")
        .set((eb) => ({
          body: JSON.stringify(body),
          version: eb("version", "+", 1),
          updated_at: sql<Date>`now()`,
        }))
        .where("tenant_id", "=", tenant.id)
        .where("collection", "=", address.collection)
        .where("id", "=", address.id)
        .returning(documentColumns);
      return address.versions === null ? update : update.where("version", "in", orNone(address.versions));
    },
    options,
  );
  return outcomeOf(store, tenant, address, rows[0], options);
}

/**
 * Merges a patch into the body. The row is locked while the patch is applied here, so that two
 * patches of different members both survive.
 */
export function patchDocument(
  store: TenantStore,
  tenant: Tenant,
  address: DocumentAddress,
  patch: JsonObject,
  options: StoreOptions,
): Promise<WriteOutcome> {
  return store.transact(
    tenant,
    async (db: WriteQueries, execute: Execute): Promise<WriteOutcome> => {
      const [current] = await execute(
        db
          .selectFrom("documents")
          .select(documentColumns)
          .where("tenant_id", "=", tenant.id)
          .where("collection", "=", address.collection)
          .where("id", "=", address.id)
          .forUpdate(),
      );
      if (current === undefined) return { kind: "missing" };
      if (address.versions !== null && !address.versions.includes(current.version))
        return { kind: "changed" };
      const [written] = await execute(
        db
          .updateTable("documents")
          .set({
            body: JSON.stringify(mergePatch(current.body, patch)),
            version: current.version + 1,
            updated_at: sql<Date>`now()`,
          })
          .where("tenant_id", "=", tenant.id)
          .where("collection", "=", address.collection)
          .where("id", "=", address.id)
          .returning(documentColumns),
      );
      return written === undefined ? { kind: "missing" } : { kind: "written", document: written };
    },
    options,
  );
}

export async function deleteDocument(
  store: TenantStore,
  tenant: Tenant,
  address: DocumentAddress,
  options: StoreOptions,
): Promise<WriteOutcome> {
  const rows = await store.transact(
    tenant,
    (db) => {
      const removal = db
        .deleteFrom("documents")
        .where("tenant_id", "=", tenant.id)
        .where("collection", "=", address.collection)
        .where("id", "=", address.id)
        .returning(documentColumns);
      return address.versions === null ? removal : removal.where("version", "in", orNone(address.versions));
    },
    options,
  );
  return outcomeOf(store, tenant, address, rows[0], options);
}

/** Why nothing was written is only asked for when nothing was. */
async function outcomeOf(
  store: TenantStore,
  tenant: Tenant,
  address: DocumentAddress,
  written: StoredDocument | undefined,
  options: StoreOptions,
): Promise<WriteOutcome> {
  if (written !== undefined) return { kind: "written", document: written };
  const current = await findDocument(store, tenant, address.collection, address.id, options);
  return current === undefined ? { kind: "missing" } : { kind: "changed" };
}

/** SQL has no empty list; no document is at version 0. */
function orNone(versions: readonly number[]): readonly number[] {
  return versions.length === 0 ? [0] : versions;
}
