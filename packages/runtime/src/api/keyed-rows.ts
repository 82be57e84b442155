import type { SelectQueryBuilder } from "kysely";
import type { ReadQueries, StoreOptions, TenantStore } from "../tenant-store/tenant-store.ts";
import type { TenantTables } from "../tenant-store/tenant-tables.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { readRowsByOffset } from "./item-list-route.ts";

/** How the rows of a table with a key are read one by one and in pages, in the order of the key. */
export interface KeyedRows<Row> {
  find(store: TenantStore, tenant: Tenant, key: string, options: StoreOptions): Promise<Row | undefined>;
  byOffset(
    store: TenantStore,
    tenant: Tenant,
    page: { readonly offset: number; readonly limit: number },
    options: StoreOptions,
  ): Promise<{ readonly rows: readonly Row[]; readonly total: number }>;
  /** At most `limit` rows after the key. */
  after(
    store: TenantStore,
    tenant: Tenant,
    page: { readonly after: string | null; readonly limit: number },
    options: StoreOptions,
  ): Promise<readonly Row[]>;
}

/** @param rowsOf the rows of a tenant, in no order */
export function keyedRows<Table extends keyof TenantTables, Row>(
  key: "id" | "name",
  rowsOf: (db: ReadQueries, tenant: Tenant) => SelectQueryBuilder<TenantTables, Table, Row>,
): KeyedRows<Row> {
  // Which columns a table has, a type parameter cannot tell; the caller names one of its own.
  const column = key as never;
  return {
    async find(store, tenant, value, options) {
      const rows = await store.read(
        tenant,
        (db) => rowsOf(db, tenant).where(column, "=", value as never),
        options,
      );
      return rows[0] as Row | undefined;
    },
    byOffset: (store, tenant, page, options) =>
      readRowsByOffset(store, tenant, (db) => rowsOf(db, tenant).orderBy(column), page, options),
    after: (store, tenant, page, options) =>
      store.read(
        tenant,
        (db) => {
          const query = rowsOf(db, tenant).orderBy(column).limit(page.limit);
          return page.after === null ? query : query.where(column, ">", page.after as never);
        },
        options,
      ) as Promise<readonly Row[]>,
  };
}
