// Goal: a session that breaks costs a reader nothing, and a writer gets the truth.
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import {
  codeOf,
  documentRow,
  type OneSession,
  openOneSession,
  sleepers,
  terminateAll,
  until,
} from "./one-session.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import type { TestPlatform } from "./test-platform.ts";

let session: OneSession;
let platform: TestPlatform;
let proxy: TcpProxy;
let database: TenantDatabase;
beforeAll(async () => {
  session = await openOneSession("broken");
  ({ platform, proxy, database } = session);
});
afterAll(() => session?.[Symbol.asyncDispose]());
beforeEach(() => session.clear());
const tenant = (name: string): Tenant => session.tenant(name);
const idsOf = (of: Tenant) => session.idsOf(of);
const row = documentRow;

describe("a broken session", () => {
  afterEach(async () => {
    await until(() =>
      database.ping().then(
        () => true,
        () => false,
      ),
    );
  });

  test("in the middle of a read is not noticed by the reader: the read runs again on another", async () => {
    const read = database.store.read(tenant("pool-one"), (db) =>
      db.selectNoFrom(sql<string>`pg_sleep(0.4)::text`.as("slept")),
    );
    await until(async () => (await sleepers(platform)) === 1);
    await terminateAll(platform);
    expect(await read).toHaveLength(1);
  });

  test("in the middle of a write is reported and not tried again: it may have been kept", async () => {
    const write = codeOf(
      database.store.transact(tenant("pool-one"), (db) =>
        db
          .with("slow", (qc) => qc.selectNoFrom(sql`pg_sleep(30)`.as("slept")))
          .insertInto("documents")
          .expression((eb) =>
            eb
              .selectFrom("slow")
              .select([
                eb.val("pool-one").as("tenant_id"),
                eb.val("notes").as("collection"),
                eb.val("slow").as("id"),
                sql<string>`'{}'::jsonb`.as("body"),
              ]),
          ),
      ),
    );
    await until(async () => (await sleepers(platform)) === 1);
    await terminateAll(platform);
    expect(await write).toBe("RUNTIME_STORE_LOST");
    expect(await idsOf(tenant("pool-one"))).toEqual([]);
  });

  test("of a read of several queries is reported: its function may have done more than read", async () => {
    let started = 0;
    const reading = codeOf(
      database.store.read(tenant("pool-one"), async (db, execute) => {
        started += 1;
        await execute(db.selectNoFrom(sql`pg_sleep(30)`.as("slept")));
      }),
    );
    await until(async () => (await sleepers(platform)) === 1);
    await terminateAll(platform);
    expect(await reading).toBe("RUNTIME_STORE_LOST");
    expect(started).toBe(1);
  });

  test("in the middle of a transaction rejects even while its function waits for something else", async () => {
    let started = false;
    const transaction = codeOf(
      database.store.transact(tenant("pool-one"), async (db, execute) => {
        await execute(db.insertInto("documents").values(row("pool-one", "a")));
        started = true;
        await new Promise(() => undefined);
      }),
    );
    await until(async () => started);
    await terminateAll(platform);
    expect(await transaction).toBe("RUNTIME_STORE_LOST");
    await until(() =>
      database.ping().then(
        () => true,
        () => false,
      ),
    );
    expect(await idsOf(tenant("pool-one"))).toEqual([]);
  });

  test("of an idle connection is noticed before it is used", async () => {
    await idsOf(tenant("pool-one"));
    proxy.breakAll();
    await until(() =>
      idsOf(tenant("pool-one")).then(
        () => true,
        () => false,
      ),
    );
    expect(await idsOf(tenant("pool-one"))).toEqual([]);
  });
});
