import { assert } from "@tenantry/base";
import { type Compilable, sql } from "kysely";
import { mergePatch } from "../../http/merge-patch.ts";
import { ProblemError, problemTable } from "../../http/problems.ts";
import type { Execute, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import {
  type BulkFailure,
  type BulkOperation,
  type BulkOutcome,
  versionsOfOperation,
} from "./bulk-operation.ts";
import { documentColumns, insertDocuments, type StoredDocument } from "./document-queries.ts";
import { documentView } from "./document-schema.ts";

export interface Bulk {
  readonly collection: string;
  readonly atomic: boolean;
  readonly operations: readonly BulkOperation[];
  readonly newId: () => string;
}

/** A document while the operations are applied to it. */
interface Draft {
  readonly id: string;
  readonly createdAt: Date | null;
  body: JsonObject;
  version: number;
  /** What the database has to be told in the end. */
  fate: "unchanged" | "inserted" | "updated" | "deleted";
}

type Applied =
  | { readonly kind: "failed"; readonly code: "DOCUMENT_NOT_FOUND" | "PRECONDITION_FAILED" }
  | { readonly kind: "done"; readonly status: number; readonly left: LeftBehind | null };

/** A document as an operation left it; what the database alone knows is filled in later. */
interface LeftBehind {
  readonly draft: Draft;
  readonly body: JsonObject;
  readonly version: number;
}

/**
 * Runs the operations in one transaction and at most four queries, however many they are: all
 * documents that are named are read and locked, the operations are applied to them here, and what
 * came of it is written by one insert, one update and one delete.
 *
 * @throws ProblemError BULK_REFUSED where one of an atomic bulk cannot be done
 */
export async function runBulk(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  bulk: Bulk,
): Promise<readonly BulkOutcome[]> {
  const drafts = await readDrafts(db, execute, tenant, bulk);
  const applied = bulk.operations.map((operation) => apply(drafts, operation, bulk.newId));
  const failures = applied.flatMap((one, index) =>
    one.kind === "failed" ? [failureOf(one.code, index)] : [],
  );
  if (bulk.atomic && failures.length > 0) {
    throw new ProblemError("BULK_REFUSED", {
      errors: failures.map(({ pointer, code, detail }) => ({ pointer, message: `${detail} (${code})` })),
    });
  }
  const written = await writeDrafts(db, execute, tenant, bulk.collection, [...drafts.values()]);
  return applied.map((one, index) => {
    if (one.kind === "failed") {
      const problem = failureOf(one.code, index);
      return { status: problemTable[one.code].status, document: null, problem };
    }
    const document = one.left === null ? null : documentView(rowOf(bulk.collection, one.left, written));
    return { status: one.status, document, problem: null };
  });
}

function failureOf(code: "DOCUMENT_NOT_FOUND" | "PRECONDITION_FAILED", index: number): BulkFailure {
  return { code, detail: problemTable[code].detail, pointer: `/operations/${index}` };
}

/** Locks in the order of the ids, so that two bulks over the same documents wait and do not deadlock. */
async function readDrafts(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  { collection, operations }: Bulk,
): Promise<Map<string, Draft>> {
  const ids = new Set(operations.flatMap((operation) => (operation.op === "create" ? [] : [operation.id])));
  if (ids.size === 0) return new Map();
  const rows = await execute(
    db
      .selectFrom("documents")
      .select(documentColumns)
      .where("tenant_id", "=", tenant.id)
      .where("collection", "=", collection)
      .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
      .orderBy("id")
      .forUpdate(),
  );
  return new Map(
    rows.map(({ id, body, version, created_at }) => [
      id,
      { id, body, version, createdAt: created_at, fate: "unchanged" },
    ]),
  );
}

function apply(drafts: Map<string, Draft>, operation: BulkOperation, newId: () => string): Applied {
  if (operation.op === "create") {
    const draft: Draft = {
      id: newId(),
      createdAt: null,
      body: operation.body as JsonObject,
      version: 1,
      fate: "inserted",
    };
    drafts.set(draft.id, draft);
    return { kind: "done", status: 201, left: leftBehind(draft) };
  }
  const draft = drafts.get(operation.id);
  if (draft === undefined || draft.fate === "deleted") return { kind: "failed", code: "DOCUMENT_NOT_FOUND" };
  const versions = versionsOfOperation(operation);
  if (versions !== null && !versions.includes(draft.version)) {
    return { kind: "failed", code: "PRECONDITION_FAILED" };
  }
  if (operation.op === "delete") {
    draft.fate = "deleted";
    return { kind: "done", status: 204, left: null };
  }
  const body = operation.body as JsonObject;
  draft.body = operation.op === "patch" ? (mergePatch(draft.body, body) as JsonObject) : body;
  draft.version += 1;
  draft.fate = "updated";
  return { kind: "done", status: 200, left: leftBehind(draft) };
}

function leftBehind(draft: Draft): LeftBehind {
  return { draft, body: draft.body, version: draft.version };
}

/** What the database says of the rows that were written, by id. */
type Written = ReadonlyMap<string, { readonly created_at: Date; readonly written_at: Date }>;

const writtenAt = sql<Date>`now()`.as("written_at");

async function writeDrafts(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  collection: string,
  drafts: readonly Draft[],
): Promise<Written> {
  const [inserted = [], updated = [], deleted = []] = (["inserted", "updated", "deleted"] as const).map(
    (fate) => drafts.filter((draft) => draft.fate === fate),
  );
  const written = new Map<string, { created_at: Date; written_at: Date }>();
  if (inserted.length > 0) {
    const documents = inserted.map(({ id, body }) => ({ collection, id, body }));
    for (const row of await execute(insertDocuments(db, tenant, documents))) {
      written.set(row.id, { created_at: row.created_at, written_at: row.updated_at });
    }
  }
  for (const row of updated.length > 0 ? await execute(updateDrafts(db, tenant, collection, updated)) : [])
    written.set(row.id, row);
  if (deleted.length > 0) {
    const removal = db
      .deleteFrom("documents")
      .where("tenant_id", "=", tenant.id)
      .where("collection", "=", collection)
      .where("id", "=", sql<string>`any(${deleted.map(({ id }) => id)}::text[])`)
      .returning(["id", "created_at", writtenAt]);
    for (const row of await execute(removal)) written.set(row.id, row);
  }
  return written;
}

function updateDrafts(
  db: WriteQueries,
  tenant: Tenant,
  collection: string,
  drafts: readonly Draft[],
): Compilable<{ readonly id: string; readonly created_at: Date; readonly written_at: Date }> {
  const changes = JSON.stringify(drafts.map(({ id, body, version }) => ({ id, body, version })));
  const changed = sql<{
    id: string;
    body: string;
    version: number;
  }>`jsonb_to_recordset(${changes}::jsonb)`.as<"changed">(sql`changed(id text, body jsonb, version integer)`);
  return db
    .updateTable("documents")
    .from(changed)
    .set((eb) => ({
      body: eb.ref("changed.body"),
      version: eb.ref("changed.version"),
      updated_at: sql<Date>`now()`,
    }))
    .where("documents.tenant_id", "=", tenant.id)
    .where("documents.collection", "=", collection)
    .whereRef("documents.id", "=", "changed.id")
    .returning(["documents.id", "documents.created_at", writtenAt]);
}

function rowOf(collection: string, { draft, body, version }: LeftBehind, written: Written): StoredDocument {
  const row = written.get(draft.id);
  assert(row !== undefined, "a document of a bulk was not written");
  return {
    collection,
    id: draft.id,
    body,
    version,
    created_at: draft.createdAt ?? row.created_at,
    updated_at: row.written_at,
  };
}
