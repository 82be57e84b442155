import { createHash } from "node:crypto";
import { assert } from "@tenantry/base";
import { type Compilable, type RawBuilder, sql } from "kysely";
import { asOwner, type DatabaseAccess } from "../database/database-access.ts";
import type { ReadQueries, TenantStore, WriteQueries } from "../tenant-store/tenant-store.ts";
import { type PlaceTable, placeTables } from "./place-tables.ts";
import { locationOf, type Place } from "./tenant-place.ts";
import type { Tenant } from "./tenant.ts";

/** A table's rows of one tenant, in a form that two places can be compared by. */
export interface TableSum {
  readonly rows: number;
  /** Of all rows in the order of their keys. */
  readonly sha256: string;
}

/** The tenant as the store must see it to reach the place, whatever its status. */
export function tenantAt(tenant: Tenant, { isolation, objectName, life }: Place): Tenant {
  return { ...tenant, isolation, objectName, life, status: "active", writes: "open" };
}

export async function tablesAt(access: DatabaseAccess, place: Place): Promise<readonly PlaceTable[]> {
  const { database, schema } = locationOf(access, place);
  return asOwner(access, database, (owner) => placeTables(owner, schema));
}

/**
 * Copies a tenant's rows of a table from one place to another, through the door and as that
 * tenant. Rows travel as JSON that the database itself writes and reads, so that no type is lost on
 * the way. Rows that are there already stay.
 */
export async function copyTable(
  store: TenantStore,
  access: DatabaseAccess,
  tenant: Tenant,
  table: PlaceTable,
  { from, to }: { readonly from: Place; readonly to: Place },
  pulse: () => Promise<void>,
): Promise<number> {
  let copied = 0;
  for await (const rows of pages(store, access, tenant, table, from)) {
    await pulse();
    await store.transact(tenantAt(tenant, to), (db: WriteQueries) =>
      insertRows(db, locationOf(access, to).schema, table, rows),
    );
    copied += rows.length;
  }
  return copied;
}

/** Counts and sums up a tenant's rows of a table. */
export async function sumTable(
  store: TenantStore,
  access: DatabaseAccess,
  tenant: Tenant,
  table: PlaceTable,
  place: Place,
  pulse: () => Promise<void>,
): Promise<TableSum> {
  const hash = createHash("sha256");
  let rows = 0;
  for await (const page of pages(store, access, tenant, table, place)) {
    await pulse();
    for (const row of page) hash.update(row).update("\n");
    rows += page.length;
  }
  return { rows, sha256: hash.digest("hex") };
}

async function* pages(
  store: TenantStore,
  access: DatabaseAccess,
  tenant: Tenant,
  table: PlaceTable,
  place: Place,
): AsyncGenerator<readonly string[]> {
  const { schema } = locationOf(access, place);
  const size = new PageSize();
  for (let after: string | null = null; ;) {
    const { limit } = size;
    const page = await store.read(tenantAt(tenant, place), (db: ReadQueries) =>
      selectPage(db, schema, table, after, limit),
    );
    const rows = page.map(({ row }) => row);
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    after = rows.at(-1) ?? null;
    size.learn(rows);
  }
}

const pageRowsFirst = 20;
const pageRowsMax = 200;
const pageBytes = 2_097_152;

/** How many rows to ask for, so that large ones do not fill the memory and small ones do not take for ever. */
export class PageSize {
  limit = pageRowsFirst;

  learn(rows: readonly string[]): void {
    const bytes = rows.reduce((sum, row) => sum + row.length, 1);
    const fitting = Math.floor((pageBytes * rows.length) / bytes);
    this.limit = Math.max(1, Math.min(pageRowsMax, fitting));
  }
}

/** The rows behind the one given, in the order of the key, each as JSON. */
export function selectPage(
  db: ReadQueries,
  schema: string,
  table: PlaceTable,
  after: string | null,
  limit: number,
  row: RawBuilder<string> = sql<string>`to_jsonb(t)::text`,
) {
  assert(table.key.length > 0, `the table ${table.name} has no primary key`);
  const keyOf = (alias: string) => sql.join(table.key.map((column) => sql.ref(`${alias}.${column}`)));
  const type = sql.id(schema, table.name);
  // Any table will do for the types: what is selected is text.
  const rows = db.selectFrom(`${table.name} as t` as "documents as t").select(row.as("row"));
  const behind =
    after === null
      ? rows
      : rows.where(
          sql<boolean>`(${keyOf("t")}) > (select ${keyOf("k")} from jsonb_populate_record(null::${type}, ${after}::jsonb) as k)`,
        );
  return behind.orderBy(keyOf("t")).limit(limit);
}

function insertRows(
  db: WriteQueries,
  schema: string,
  table: PlaceTable,
  rows: readonly string[],
): Compilable<unknown> {
  const type = sql.id(schema, table.name);
  const source = db
    .selectFrom(sql<object>`jsonb_populate_recordset(null::${type}, ${`[${rows.join(",")}]`}::jsonb)`.as("r"))
    .select(table.columns.map((column) => sql.ref(`r.${column}`).as(column)));
  return db
    .insertInto(table.name as "documents")
    .columns(table.columns as never)
    .expression(source as never)
    .onConflict((conflict) => conflict.doNothing());
}
