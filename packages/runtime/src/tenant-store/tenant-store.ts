import type { Compilable, Kysely } from "kysely";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantTables } from "./tenant-tables.ts";

/** What builds a query that reads. It has no verb that writes. */
export type ReadQueries = Pick<Kysely<TenantTables>, "selectFrom" | "selectNoFrom" | "with" | "fn">;
/** What builds a query that reads or writes. */
export type WriteQueries = Pick<
  Kysely<TenantTables>,
  "selectFrom" | "selectNoFrom" | "with" | "fn" | "insertInto" | "updateTable" | "deleteFrom" | "mergeInto"
>;

/** Runs queries inside the open transaction of one tenant. */
export interface Execute {
  <Row>(query: Compilable<Row>): Promise<Row[]>;
}

/**
 * The only door to tenants' data. There is no other export that reaches a connection.
 *
 * Both verbs take the tenant first and come in two forms. A function that *returns a query*
 * costs one network round trip. An *async function* may run several queries in one
 * transaction through `execute`.
 *
 * @example
 * const rows = await store.read(tenant, (db) => db.selectFrom("documents").selectAll().where("collection", "=", "notes"));
 */
export interface TenantStore {
  /** Reads, in a transaction that the database holds to reading. */
  read<Answer extends StoreAnswer>(
    tenant: Tenant,
    fn: (db: ReadQueries, execute: Execute) => Answer,
    options?: StoreOptions,
  ): Promise<Answered<Answer>>;
  /** Writes: all of it or nothing. */
  transact<Answer extends StoreAnswer>(
    tenant: Tenant,
    fn: (db: WriteQueries, execute: Execute) => Answer,
    options?: StoreOptions,
  ): Promise<Answered<Answer>>;
}

/** What a function gives the store: a query to run, or the promise of a result. */
export type StoreAnswer = Compilable<unknown> | Promise<unknown>;
/** The rows of a query, or what the promise resolves to. */
export type Answered<Answer extends StoreAnswer> =
  Answer extends Compilable<infer Row> ? Row[] : Awaited<Answer>;

export interface StoreOptions {
  /** Gives up, and cancels the query in the database, when aborted. */
  readonly signal?: AbortSignal;
  /** All queries of the function see the same state of the rows: that of its first one. */
  readonly snapshot?: boolean;
}
