import type { Migration } from "../migration.ts";
import { eventsMigration } from "./platform-events.ts";

/** What the control role may do with the table; see control-tables.ts. */
export const limitTables: Readonly<Record<string, readonly string[]>> = Object.freeze({
  rate_buckets: ["SELECT", "INSERT", "UPDATE", "DELETE"],
});

/**
 * The buckets of the rates, where processes count them together in PostgreSQL (postgres-gcra.ts).
 *
 * Not logged: a crash empties the table, and every tenant has a full bucket again, which is what a
 * restart of a process that counts by itself gives as well. Rows are written over and over, so pages keep
 * room for the new version of a row, and are cleaned early.
 */
export const limitsMigration: Migration = {
  version: eventsMigration.version + 1,
  name: "limits",
  sql: `
create unlogged table rate_buckets (
  bucket text collate "C" primary key,
  -- When the bucket is full again: microseconds since 1970 by this server's clock, and ticks of 1/rate_limit µs.
  us bigint not null,
  ticks bigint not null,
  -- What was asked last and what became of it.
  rate_limit bigint not null check (rate_limit >= 1),
  period_us bigint not null,
  burst bigint not null,
  cost bigint not null,
  asked bigint not null,
  admitted bigint not null,
  debt bigint not null
) with (
  fillfactor = 50,
  autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0.2
);
`,
};
