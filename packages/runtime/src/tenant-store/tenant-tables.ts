import type { ColumnType } from "kysely";

/** The tables that every tenant has, in the pool, in its schema or in its database. */
export interface TenantTables {
  readonly documents: DocumentsTable;
}

export interface DocumentsTable {
  readonly tenant_id: string;
  readonly collection: string;
  readonly id: string;
  readonly body: ColumnType<JsonObject, string, string>;
  /** Counts up by one with each change; the ETag. */
  readonly version: ColumnType<number, number | undefined, number>;
  readonly created_at: ColumnType<Date, never, never>;
  readonly updated_at: ColumnType<Date, never, Date>;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
