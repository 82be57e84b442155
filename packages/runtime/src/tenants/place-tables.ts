import type pg from "pg";
import { identifier } from "../database/sql-text.ts";

/** A table in which a tenant has rows. */
export interface PlaceTable {
  readonly name: string;
  /** In their order, without those that the database computes. */
  readonly columns: readonly string[];
  /** The columns of the primary key. */
  readonly key: readonly string[];
}

/**
 * The tables of a schema as the catalogue has them, those first that others refer to. Whatever a
 * migration adds is among them, so that nothing of a tenant is forgotten by what moves, exports or
 * removes it.
 */
export async function placeTables(owner: pg.Client, schema: string): Promise<readonly PlaceTable[]> {
  const { rows } = await owner.query<{
    name: string;
    columns: string[];
    key: string[];
    refers_to: string[];
  }>(
    `select c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       (select coalesce(array_agg(a.attname::text order by array_position(k.conkey, a.attnum)), '{}')
        from pg_catalog.pg_constraint k join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)
        where k.conrelid = c.oid and k.contype = 'p') as key,
       (select coalesce(array_agg(distinct f.relname::text), '{}')
        from pg_catalog.pg_constraint k join pg_catalog.pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and f.oid <> c.oid and f.relnamespace = c.relnamespace) as refers_to
     from pg_catalog.pg_class c
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by c.relname`,
    [identifier(schema)],
  );
  const ordered: PlaceTable[] = [];
  const placed = new Set<string>();
  let rest = rows;
  while (rest.length > 0) {
    const ready = rest.filter(({ refers_to }) => refers_to.every((name) => placed.has(name)));
    // Tables that refer to each other in a circle come last, in the order of their names.
    const next = ready.length > 0 ? ready : rest;
    for (const { name, columns, key } of next) {
      ordered.push({ name, columns, key });
      placed.add(name);
    }
    rest = rest.filter(({ name }) => !placed.has(name));
  }
  return ordered;
}
