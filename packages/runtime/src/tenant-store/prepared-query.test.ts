// What the store makes of it is tested with a database elsewhere.
import { expect, test } from "vitest";
import { preparedQuery } from "./prepared-query.ts";
import { compileStatement, tenantQueries } from "./tenant-queries.ts";
import type { ReadQueries, WriteQueries } from "./tenant-store.ts";

const pool = tenantQueries("pool");

interface Wanted {
  readonly collection: string;
  readonly id: string;
  readonly limit: number;
}

const plain = (db: ReadQueries, { collection, id, limit }: Wanted) =>
  db
    .selectFrom("documents")
    .select(["id", "body"])
    .where("id", ">", id)
    .where("version", ">", 7)
    .where("collection", "=", collection)
    .where("tenant_id", "!=", id)
    .limit(limit);

test("has the text and the values of the query that is built each time", () => {
  const prepared = preparedQuery(plain);
  for (const schema of ["pool", "t_bridge", "pool"]) {
    for (const wanted of [
      { collection: "notes", id: "a", limit: 3 },
      { collection: "drafts", id: "b", limit: 50 },
    ]) {
      const db = tenantQueries(schema);
      expect(compileStatement(prepared(db, wanted), "read", "acme-corp")).toEqual({
        ...compileStatement(plain(db, wanted), "read", "acme-corp"),
        residue: "none",
      });
    }
  }
});

test("is built once for each place, and each place has its own", () => {
  let builds = 0;
  const prepared = preparedQuery((db: ReadQueries, wanted: Wanted) => {
    builds += 1;
    return plain(db, wanted);
  });
  const bridge = tenantQueries("t_bridge");
  const texts = [pool, bridge, pool, bridge].map(
    (db) => prepared(db, { collection: "notes", id: "a", limit: 1 }).compile().sql,
  );
  expect(builds).toBe(2);
  expect(texts[0]).toContain('"pool"."documents"');
  expect(texts[1]).toContain('"t_bridge"."documents"');
  expect(texts.slice(2)).toEqual(texts.slice(0, 2));
});

test("two that were made before either is compiled keep their own values", () => {
  const prepared = preparedQuery(plain);
  const one = prepared(pool, { collection: "notes", id: "a", limit: 1 });
  const two = prepared(pool, { collection: "drafts", id: "b", limit: 2 });
  expect(two.compile().parameters).toEqual(["b", 7, "drafts", "b", 2]);
  expect(one.compile().parameters).toEqual(["a", 7, "notes", "a", 1]);
});

test("keeps to the rules of the store each time", () => {
  const removal = preparedQuery((db: WriteQueries, { id }: { readonly id: string }) =>
    db.deleteFrom("documents").where("id", "=", id),
  );
  const compile = (mode: "read" | "write") => compileStatement(removal(pool, { id: "a" }), mode, "acme-corp");
  for (let time = 0; time < 2; time += 1) {
    expect(compile("write").values).toEqual(["a"]);
    expect(() => compile("read")).toThrow(/DeleteQueryNode/);
  }
});

test("never sends a placeholder: a value that was forgotten is a bug", () => {
  const prepared = preparedQuery(plain);
  const forgotten = { collection: "notes", limit: 1 } as Wanted;
  expect(() => prepared(pool, forgotten).compile()).toThrow("was given no id");
});
