import { type RawBuilder, sql } from "kysely";
import type { Probe } from "./probe.ts";

/** What an injection makes of a value that a handler pasted into its SQL. */
const injected = (text: string): RawBuilder<boolean> => sql.raw<boolean>(text);

export const doorProbes: readonly Probe[] = [
  {
    name: "door: select without a condition",
    kind: "door",
    run: ({ store, attacker }) => store.read(attacker.tenant, (db) => db.selectFrom("documents").selectAll()),
  },
  {
    name: "door: select where tenant_id is the victim's",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.read(attacker.tenant, (db) =>
        db.selectFrom("documents").selectAll().where("tenant_id", "=", victim.id),
      ),
  },
  {
    name: "door: injected 'or true'",
    kind: "door",
    run: ({ store, attacker }) =>
      store.read(attacker.tenant, (db) =>
        db.selectFrom("documents").selectAll().where(injected("false or true")),
      ),
  },
  {
    name: "door: injected union with the victim's table",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.read(attacker.tenant, (db) =>
        db
          .selectFrom("documents")
          .select("id")
          .where(injected(`true union all select body::text from ${victim.schema}.documents`)),
      ),
  },
  {
    name: "door: injected set_config of the victim's tenant in the same query",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.read(attacker.tenant, (db) =>
        db
          .selectFrom("documents")
          .selectAll()
          .where(injected(`(select set_config('tenantry.tenant', '${victim.id}', true)) is not null`)),
      ),
  },
  {
    name: "door: set_config of the victim's tenant in one query, select in the next",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.read(attacker.tenant, async (db, execute) => {
        await execute(
          db.selectNoFrom(
            injected(`set_config('tenantry.tenant', '${victim.id}', true) is not null`).as("done"),
          ),
        );
        return execute(db.selectFrom("documents").selectAll());
      }),
  },
  {
    name: "door: set_config of the victim's role in one query, select in the next",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.read(attacker.tenant, async (db, execute) => {
        await execute(
          db.selectNoFrom(injected(`set_config('role', '${victim.role}', true) is not null`).as("done")),
        );
        return execute(
          db.selectNoFrom(
            sql<string>`(select string_agg(body::text, ',') from ${sql.table(`${victim.schema}.documents`)})`.as(
              "rows",
            ),
          ),
        );
      }),
  },
  {
    name: "door: second statement after a semicolon",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.transact(attacker.tenant, (db) =>
        db
          .selectFrom("documents")
          .selectAll()
          .where(injected(`true; delete from ${victim.schema}.documents`)),
      ),
  },
  {
    name: "door: raw statement that is not a query",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.transact(attacker.tenant, () => ({
        compile: () => ({
          query: { kind: "RawNode", sqlFragments: [], parameters: [] } as never,
          sql: `set session authorization "${victim.role}"`,
          parameters: [],
          queryId: { queryId: "x" },
        }),
      })),
  },
  {
    name: "door: raw statement disguised as a select",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.transact(attacker.tenant, () => ({
        compile: () => ({
          query: { kind: "SelectQueryNode" } as never,
          sql: `set role "${victim.role}"`,
          parameters: [],
          queryId: { queryId: "x" },
        }),
      })),
  },
  {
    name: "door: explain",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store
        .read(attacker.tenant, (db) => {
          const query = db.selectFrom("documents").selectAll().where("tenant_id", "=", victim.id);
          const { query: node, ...rest } = query.compile();
          return {
            compile: () => ({
              ...rest,
              query: { ...node, explain: {} } as never,
              sql: `explain ${rest.sql}`,
            }),
          };
        })
        .then(
          () => Promise.reject(new Error(`zq7 secret of eulb-: EXPLAIN passed`)),
          (error: Error) => error.message,
        ),
  },
  {
    name: "door: insert a row for the victim",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.transact(attacker.tenant, (db) =>
        db
          .insertInto("documents")
          .values({ tenant_id: victim.id, collection: "notes", id: "planted", body: "1" }),
      ),
  },
  {
    name: "door: upsert over the victim's row, returning it",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.transact(attacker.tenant, (db) =>
        db
          .insertInto("documents")
          .values({ tenant_id: victim.id, collection: "notes", id: "d1", body: "1" })
          .onConflict((conflict) =>
            conflict.columns(["tenant_id", "collection", "id"]).doUpdateSet({ body: "2" }),
          )
          .returningAll(),
      ),
  },
  {
    name: "door: update every row, returning",
    kind: "door",
    run: async ({ store, attacker }) =>
      store.transact(attacker.tenant, (db) => db.updateTable("documents").set({ version: 9 }).returningAll()),
  },
  {
    name: "door: delete the victim's rows, returning",
    kind: "door",
    run: ({ store, attacker, victim }) =>
      store.transact(attacker.tenant, (db) =>
        db.deleteFrom("documents").where("tenant_id", "=", victim.id).returningAll(),
      ),
  },
  {
    name: "door: write inside a common table expression of a read",
    kind: "door",
    run: ({ store, attacker }) =>
      store.read(attacker.tenant, (db) =>
        db
          .selectNoFrom(sql`1`.as("one"))
          .where(injected("exists (select 1)"))
          .modifyEnd(sql.raw("for update")),
      ),
  },
  {
    name: "door: execute kept for after the transaction",
    kind: "door",
    run: async ({ store, attacker }) => {
      let kept: (() => Promise<unknown>) | undefined;
      await store.read(attacker.tenant, async (db, execute) => {
        await execute(db.selectFrom("documents").select("id"));
        kept = () => execute(db.selectFrom("documents").selectAll());
      });
      return kept?.();
    },
  },
  {
    name: "door: tenant object with the victim's id in the attacker's place",
    kind: "door",
    // The store derives place and seal from one object: a forged isolation leads to an empty place, not to a foreign one.
    run: ({ store, attacker, victim }) =>
      store.read({ ...attacker.tenant, isolation: victim.isolation }, (db) =>
        db.selectFrom("documents").selectAll(),
      ),
  },
];
