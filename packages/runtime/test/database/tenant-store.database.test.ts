// Goal: the door does what its contract says, also when queries fail, are given up, or the
// connection breaks. Round trips are counted on the wire, by a proxy.
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import { preparedQuery } from "../../src/tenant-store/prepared-query.ts";
import type { Execute, ReadQueries } from "../../src/tenant-store/tenant-store.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { codeOf, documentRow, type OneSession, openOneSession, sleepers, until } from "./one-session.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import { isolations, type TestPlatform } from "./test-platform.ts";

let session: OneSession;
let platform: TestPlatform;
let proxy: TcpProxy;
let database: TenantDatabase;
beforeAll(async () => {
  session = await openOneSession("store");
  ({ platform, proxy, database } = session);
});
afterAll(() => session?.[Symbol.asyncDispose]());
beforeEach(() => session.clear());
const tenant = (name: string): Tenant => session.tenant(name);
const idsOf = (of: Tenant) => session.idsOf(of);
const insert = (of: Tenant, id: string) => session.insert(of, id);
const row = documentRow;
const idsPrepared = preparedQuery((db: ReadQueries, { collection }: { readonly collection: string }) =>
  db.selectFrom("documents").select("id").where("collection", "=", collection),
);
const preparedRead = (of: Tenant) =>
  database.store.read(of, (db) => idsPrepared(db, { collection: "notes" }));

describe("round trips", () => {
  const roundTripsOf = async (fn: () => Promise<unknown>) => {
    proxy.reset();
    await fn();
    const { turns, syncs, readies } = proxy.counts();
    return { turns, syncs, readies };
  };

  test.each(isolations)(
    "a read of a %s tenant is one, also after another tenant on the same session",
    async (isolation) => {
      const read = (name: string) => () => idsOf(tenant(`${isolation}-${name}`));
      await read("one")();
      await read("two")();
      expect(await roundTripsOf(read("one"))).toEqual({ turns: 1, syncs: 1, readies: 1 });
      expect(await roundTripsOf(read("one"))).toEqual({ turns: 1, syncs: 1, readies: 1 });
      expect(await roundTripsOf(read("two"))).toEqual({ turns: 1, syncs: 1, readies: 1 });
    },
  );

  test("what raw SQL leaves in a session is undone before another tenant, also by one that leaves nothing itself", async () => {
    const [one, two] = [tenant("pool-one"), tenant("pool-two")];
    const left = sql<string>`coalesce(current_setting('app.left', true), '')`.as("left");
    const leave = sql<string>`set_config('app.left', 'by one', false)`.as("left");
    const look = (of: Tenant) => database.store.read(of, (db) => db.selectNoFrom(left));
    for (const between of [async () => undefined, () => preparedRead(two), () => preparedRead(one)]) {
      await preparedRead(one);
      await database.store.read(one, (db) => db.selectNoFrom(leave));
      expect(await look(one)).toEqual([{ left: "by one" }]);
      await between();
      expect(await look(two)).toEqual([{ left: "" }]);
    }
  });

  test("a read is one even when its statement is new to the session", async () => {
    await idsOf(tenant("pool-one"));
    const read = () =>
      database.store.read(tenant("pool-one"), (db) =>
        db.selectFrom("documents").select(["id", "version"]).limit(7),
      );
    expect(await roundTripsOf(read)).toEqual({ turns: 1, syncs: 1, readies: 1 });
  });

  test.each(isolations)("a write of a %s tenant is one", async (isolation) => {
    expect(await roundTripsOf(() => insert(tenant(`${isolation}-one`), "a"))).toEqual({
      turns: 1,
      syncs: 1,
      readies: 1,
    });
  });

  test("a transaction of two queries is three: begin with the first, the second, commit", async () => {
    const transaction = () =>
      database.store.transact(tenant("pool-one"), async (db, execute) => {
        await execute(db.insertInto("documents").values(row("pool-one", "a")));
        await execute(db.insertInto("documents").values(row("pool-one", "b")));
      });
    expect(await roundTripsOf(transaction)).toEqual({ turns: 3, syncs: 3, readies: 3 });
  });

  test("a transaction without a query is none", async () => {
    expect(await roundTripsOf(() => database.store.transact(tenant("pool-one"), async () => 5))).toEqual({
      turns: 0,
      syncs: 0,
      readies: 0,
    });
  });

  test("the sealing secret never travels, and the seal only as a parameter", async () => {
    proxy.reset();
    await idsOf(tenant("pool-one"));
    await idsOf(tenant("pool-two"));
    const { sent } = proxy.counts();
    expect(sent).not.toContain("test-seal");
    expect(sent).toMatch(/pool-one\.[0-9a-f]{64}/);
    expect(sent).not.toMatch(/set_config\([^)]*[0-9a-f]{64}/);
  });
});

describe("a transaction", () => {
  test("keeps all of its writes, in each isolation", async () => {
    for (const isolation of isolations) {
      const of = tenant(`${isolation}-one`);
      await database.store.transact(of, async (db, execute) => {
        await execute(db.insertInto("documents").values(row(of.id, "a")));
        await execute(db.insertInto("documents").values(row(of.id, "b")));
      });
      expect(await idsOf(of)).toEqual(["a", "b"]);
      expect(await idsOf(tenant(`${isolation}-two`))).toEqual([]);
    }
  });

  test("keeps none of its writes when its function throws, and throws the same", async () => {
    const failure = new Error("changed my mind");
    const transaction = database.store.transact(tenant("pool-one"), async (db, execute) => {
      await execute(db.insertInto("documents").values(row("pool-one", "a")));
      throw failure;
    });
    await expect(transaction).rejects.toBe(failure);
    expect(await idsOf(tenant("pool-one"))).toEqual([]);
  });

  test("fails when a query failed whose error the function swallowed, because the database kept nothing", async () => {
    const transaction = database.store.transact(tenant("pool-one"), async (db, execute) => {
      await execute(db.insertInto("documents").values(row("pool-one", "a")));
      await execute(db.insertInto("documents").values(row("pool-one", "a"))).catch(() => undefined);
      return "done";
    });
    expect(await codeOf(transaction)).toBe("RUNTIME_STORE_DUPLICATE");
    expect(await idsOf(tenant("pool-one"))).toEqual([]);
  });

  test("runs queries in order even when the function does not await them", async () => {
    await database.store.transact(tenant("pool-one"), async (db, execute) => {
      const first = execute(db.insertInto("documents").values(row("pool-one", "a")));
      const second = execute(db.updateTable("documents").set({ version: 2 }).where("id", "=", "a"));
      await Promise.all([first, second]);
    });
    const rows = await database.store.read(tenant("pool-one"), (db) =>
      db.selectFrom("documents").select("version"),
    );
    expect(rows).toEqual([{ version: 2 }]);
  });

  test("commits what was started and not awaited", async () => {
    await database.store.transact(tenant("pool-one"), async (db, execute) => {
      void execute(db.insertInto("documents").values(row("pool-one", "a")));
    });
    expect(await idsOf(tenant("pool-one"))).toEqual(["a"]);
  });

  test("refuses a query after its function has ended", async () => {
    let kept: Execute | undefined;
    await database.store.transact(tenant("pool-one"), async (db, execute) => {
      await execute(db.insertInto("documents").values(row("pool-one", "a")));
      kept = execute;
    });
    const late = kept?.({
      compile: () => ({
        query: { kind: "SelectQueryNode" } as never,
        sql: "select 1",
        parameters: [],
        queryId: { queryId: "x" },
      }),
    });
    expect(await codeOf(late as Promise<unknown>)).toBe("RUNTIME_STORE_ENDED");
  });

  test("that reads cannot write, in one query or in several, by a common table expression or a function", async () => {
    const of = tenant("pool-one");
    const text =
      "with gone as (insert into pool.documents (tenant_id, collection, id, body) values ('pool-one', 'notes', 'x', '1') returning id) select id from gone";
    const disguised = {
      compile: () => ({
        query: { kind: "SelectQueryNode" } as never,
        sql: text,
        parameters: [],
        queryId: { queryId: "x" },
      }),
    };
    expect(await codeOf(database.store.read(of, () => disguised))).toBe("RUNTIME_STORE_REFUSED");
    expect(await codeOf(database.store.read(of, async (_, execute) => execute(disguised)))).toBe(
      "RUNTIME_STORE_REFUSED",
    );
    expect(await idsOf(of)).toEqual([]);
  });
});

describe("giving up", () => {
  const slow = (db: { selectNoFrom: (selection: never) => unknown }) =>
    db.selectNoFrom(sql`pg_sleep(30)`.as("slept") as never);

  test("a signal that is aborted already costs nothing", async () => {
    proxy.reset();
    const read = database.store.read(tenant("pool-one"), (db) => db.selectFrom("documents").selectAll(), {
      signal: AbortSignal.abort(),
    });
    expect(await codeOf(read)).toBe("RUNTIME_STORE_ABORTED");
    expect(proxy.counts().turns).toBe(0);
  });

  test.each(["one query", "several queries"])(
    "stops %s in the database at once, and the next query works",
    async (form) => {
      const controller = new AbortController();
      const { signal } = controller;
      const read =
        form === "one query"
          ? database.store.read(tenant("pool-one"), (db) => slow(db as never) as never, { signal })
          : database.store.read(
              tenant("pool-one"),
              async (db, execute) => execute(slow(db as never) as never),
              { signal },
            );
      await until(async () => (await sleepers(platform)) === 1);
      controller.abort();
      expect(await codeOf(read)).toBe("RUNTIME_STORE_ABORTED");
      await until(async () => (await sleepers(platform)) === 0);
      expect(await idsOf(tenant("pool-one"))).toEqual([]);
    },
  );

  test("leaves the line when the pool is busy, and the others keep their turn", async () => {
    const controller = new AbortController();
    let finish: (() => void) | undefined;
    const holder = database.store.transact(tenant("pool-one"), async (db, execute) => {
      await execute(db.insertInto("documents").values(row("pool-one", "a")));
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await until(async () => finish !== undefined);
    const gone = idsOfWith(tenant("pool-two"), controller.signal);
    const patient = idsOf(tenant("pool-one"));
    controller.abort();
    expect(await codeOf(gone)).toBe("RUNTIME_STORE_ABORTED");
    finish?.();
    await holder;
    expect(await patient).toEqual(["a"]);
  });

  const idsOfWith = (of: Tenant, signal: AbortSignal) =>
    database.store.read(of, (db) => db.selectFrom("documents").select("id"), { signal });
});

describe("errors", () => {
  test("have a code for what the caller can do about them, and none shows a value", async () => {
    const of = tenant("pool-one");
    await insert(of, "a");
    const outcomes = {
      duplicate: await codeOf(insert(of, "a")),
      foreign: await codeOf(
        database.store.transact(of, (db) => db.insertInto("documents").values(row("pool-two", "a"))),
      ),
      null: await codeOf(
        database.store.transact(of, (db) =>
          db.insertInto("documents").values({ ...row(of.id, "b"), body: null as never }),
        ),
      ),
      division: await codeOf(database.store.read(of, (db) => db.selectNoFrom(sql`1 / 0`.as("x")))),
      value: await codeOf(
        database.store.read(of, (db) => db.selectFrom("documents").select("id").where("id", "=", "\0")),
      ),
      raw: await codeOf(
        database.store.transact(of, () => ({
          compile: () => ({
            query: { kind: "RawNode" } as never,
            sql: "truncate pool.documents",
            parameters: [],
            queryId: { queryId: "x" },
          }),
        })),
      ),
      inactive: await codeOf(
        database.store.read({ ...of, status: "failed" }, (db) => db.selectFrom("documents").selectAll()),
      ),
    };
    expect(outcomes).toMatchInlineSnapshot(`
      {
        "division": "RUNTIME_STORE_FAILED",
        "duplicate": "RUNTIME_STORE_DUPLICATE",
        "foreign": "RUNTIME_STORE_REFUSED",
        "inactive": "RUNTIME_TENANT_NOT_ACTIVE",
        "null": "RUNTIME_STORE_CONSTRAINT",
        "raw": "RUNTIME_STORE_STATEMENT",
        "value": "RUNTIME_STORE_FAILED",
      }
    `);
  });
});
