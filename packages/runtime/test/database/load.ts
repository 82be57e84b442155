import { isCodedError, type Random } from "@tenantry/base";
import { sql } from "kysely";
import type { TenantStore } from "../../src/tenant-store/tenant-store.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";

/**
 * Many requests of many tenants at once through few sessions, while requests are given up, time
 * out, fail, and sessions break. Every row that comes back carries its owner twice, as tenant_id and in
 * its body; a row of anyone but the asking tenant is foreign.
 */
export interface LoadOptions {
  readonly store: TenantStore;
  readonly tenants: readonly Tenant[];
  readonly requests: number;
  readonly concurrency: number;
  readonly random: Random;
  /** Breaks a session or a connection; called every `disturbEvery` requests. */
  readonly disturb: () => Promise<void>;
  readonly disturbEvery: number;
  readonly onProgress?: (done: number) => void;
}

export interface LoadResult {
  readonly rows: number;
  readonly foreignRows: number;
  /** The first foreign rows, for whoever has to find out. */
  readonly witnesses: readonly string[];
  /** How often each outcome came: "ok" or an error's code. */
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Row {
  readonly tenant_id: string;
  readonly body: unknown;
}
type Request = (store: TenantStore, tenant: Tenant, random: Random) => Promise<readonly Row[]>;

export const rowsPerTenant = 3;

/** What each tenant's rows look like before the load. */
export const loadRow = (id: string, index: number) => ({
  tenant_id: id,
  collection: "load",
  id: String(index),
  body: JSON.stringify({ owner: id }),
});

const readAll: Request = (store, tenant) =>
  store.read(tenant, (db) => db.selectFrom("documents").select(["tenant_id", "body"]));

const readOne: Request = (store, tenant, random) =>
  store.read(tenant, (db) =>
    db
      .selectFrom("documents")
      .select(["tenant_id", "body"])
      .where("id", "=", String(random.below(rowsPerTenant))),
  );

const update: Request = (store, tenant, random) =>
  store.transact(tenant, (db) =>
    db
      .updateTable("documents")
      .set((column) => ({ version: sql`${column.ref("version")} + 1` as never }))
      .where("id", "=", String(random.below(rowsPerTenant)))
      .returning(["tenant_id", "body"]),
  );

const replace: Request = (store, tenant) =>
  store.transact(tenant, async (db, execute) => {
    const added = await execute(
      db
        .insertInto("documents")
        .values({ ...loadRow(tenant.id, 0), id: "extra" })
        .returning(["tenant_id", "body"]),
    );
    const seen = await execute(db.selectFrom("documents").select(["tenant_id", "body"]));
    await execute(db.deleteFrom("documents").where("id", "=", "extra"));
    return [...added, ...seen];
  });

const giveUp: Request = async (store, tenant, random) => {
  const controller = new AbortController();
  const { signal } = controller;
  const pause = random.below(3);
  const answer =
    random.below(2) === 0
      ? store.read(tenant, (db) => db.selectFrom("documents").select(["tenant_id", "body"]), { signal })
      : store.transact(
          tenant,
          async (db, execute) => {
            await execute(db.updateTable("documents").set({ version: 1 }));
            return execute(db.selectFrom("documents").select(["tenant_id", "body"]));
          },
          { signal },
        );
  // Before it is sent, while it is under way, or when it is nearly over.
  if (pause === 0) controller.abort();
  else if (pause === 1) setImmediate(() => controller.abort());
  else setTimeout(() => controller.abort(), 1);
  return answer;
};

const timeOut: Request = (store, tenant) =>
  store.read(tenant, async (db, execute) => {
    await execute(db.selectNoFrom(sql`set_config('statement_timeout', '1', true)`.as("set")));
    await execute(db.selectNoFrom(sql`pg_sleep(1)`.as("slept")));
    return [];
  });

const throwInside: Request = (store, tenant) =>
  store.transact(tenant, async (db, execute) => {
    await execute(db.deleteFrom("documents"));
    throw new Error("a handler's own mistake");
  });

const fail: Request = (store, tenant) =>
  store.transact(tenant, (db) =>
    db.insertInto("documents").values(loadRow(tenant.id, 0)).returning(["tenant_id", "body"]),
  );

/** How often, out of a hundred. */
const mix: readonly (readonly [number, Request])[] = [
  [45, readAll],
  [25, readOne],
  [15, update],
  [5, replace],
  [4, giveUp],
  [1, timeOut],
  [2, throwInside],
  [3, fail],
];

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { store, tenants, random } = options;
  const outcomes: Record<string, number> = {};
  const witnesses: string[] = [];
  let started = 0;
  let rows = 0;
  let foreignRows = 0;
  const worker = async () => {
    while (started < options.requests) {
      started += 1;
      if (started % options.disturbEvery === 0) await options.disturb();
      if (started % 10_000 === 0) options.onProgress?.(started);
      const tenant = tenants[random.below(tenants.length)] as Tenant;
      const outcome = await draw(random)(store, tenant, random).then(
        (answer) => {
          rows += answer.length;
          for (const row of answer) {
            if (ownerOf(row) === tenant.id && row.tenant_id === tenant.id) continue;
            foreignRows += 1;
            if (witnesses.length < 5) witnesses.push(`${tenant.id} was given ${JSON.stringify(row)}`);
          }
          return "ok";
        },
        (error: unknown) => (isCodedError(error) ? error.code : String(error)),
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return { rows, foreignRows, witnesses, outcomes };
}

function draw(random: Random): Request {
  let ticket = random.below(100);
  for (const [share, request] of mix) {
    if (ticket < share) return request;
    ticket -= share;
  }
  return readAll;
}

function ownerOf({ body }: Row): unknown {
  return typeof body === "object" && body !== null && "owner" in body ? body.owner : undefined;
}
