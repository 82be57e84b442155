import type { DatabaseCatalogue } from "@tenantry/assurance";
import type pg from "pg";
import { catalogueQueries } from "./catalogue-queries.ts";

/**
 * Reads what the database says about itself, at one moment, for the auditor. The connection needs
 * the rights of the owner role.
 */
export async function readCatalogue(client: pg.Client): Promise<DatabaseCatalogue> {
  await client.query("begin isolation level repeatable read, read only");
  try {
    return await readCatalogueInTransaction(client);
  } finally {
    await client.query("rollback").catch(() => undefined);
  }
}

/** The same within a transaction that the caller has begun, with what it has done so far. */
export async function readCatalogueInTransaction(client: pg.Client): Promise<DatabaseCatalogue> {
  // Names print with their schema unless the search path finds them.
  await client.query("set local search_path = pg_catalog");
  const parts: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(catalogueQueries)) {
    // Each query returns one row with one JSON value, so no type of the client changes anything.
    const { rows } = await client.query<{ value: unknown }>(`select (${text})::text as value`);
    parts[name] = JSON.parse(String(rows[0]?.value ?? "null"));
  }
  return { kind: "database-catalogue", ...parts } as DatabaseCatalogue;
}
