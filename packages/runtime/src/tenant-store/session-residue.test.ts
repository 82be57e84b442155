// Goal: only a query that cannot call a function is said to leave nothing in the session.
import { type Compilable, sql } from "kysely";
import { expect, test } from "vitest";
import { residueOf } from "./session-residue.ts";
import { tenantQueries } from "./tenant-queries.ts";

const db = tenantQueries("pool");
const of = (query: Compilable<unknown>) => residueOf(query.compile().query);

test.each<[string, Compilable<unknown>]>([
  ["a read", db.selectFrom("documents").selectAll().where("id", "=", "set_config('a', 'b', false)").limit(3)],
  ["a page", db.selectFrom("documents").select("id").where("id", ">", "a").orderBy("id").offset(3)],
  [
    "an insert",
    db
      .insertInto("files")
      .values({ tenant_id: "a" } as never)
      .returning("id"),
  ],
  ["a delete", db.deleteFrom("documents").where("id", "in", ["a", "b"])],
  ["an update", db.updateTable("documents").set({ body: "{}" }).where("id", "=", "a")],
])("%s leaves nothing", (_, query) => expect(of(query)).toBe("none"));

test.each<[string, Compilable<unknown>]>([
  ["raw SQL as a column", db.selectNoFrom(sql`set_config('a', 'b', false)`.as("a"))],
  [
    "raw SQL in a condition",
    db
      .selectFrom("documents")
      .select("id")
      .where(sql<boolean>`true`),
  ],
  ["raw SQL as a value", db.updateTable("documents").set({ body: sql`lower('{}')` })],
  [
    "raw SQL as an order",
    db
      .selectFrom("documents")
      .select("id")
      .orderBy(sql`nextval('s')`),
  ],
  ["a function", db.selectFrom("documents").select(({ fn }) => fn("nextval", [sql.lit("s")]).as("n"))],
  ["an aggregate", db.selectFrom("documents").select(({ fn }) => fn.countAll().as("n"))],
  [
    "raw SQL in a common table expression",
    db
      .with("x", (with_) => with_.selectNoFrom(sql`1`.as("n")))
      .selectFrom("x")
      .selectAll(),
  ],
])("%s may leave something", (_, query) => expect(of(query)).toBe("possible"));
