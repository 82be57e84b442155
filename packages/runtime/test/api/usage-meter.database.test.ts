import { ManualClock } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errors } from "../../src/errors.ts";
import type { LogEntry } from "../../src/http/log-entry.ts";
import type { TenantStore } from "../../src/tenant-store/tenant-store.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { readTenantUsage, readUsage } from "../../src/usage/read-usage.ts";
import { UsageMeter, type UsageMeterOptions, type UsedRequest } from "../../src/usage/usage-meter.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { tenantNamed } from "./tenant-client.ts";

let server: TestRuntime;
let store: TenantStore;
let acme: Tenant;
let initech: Tenant;
beforeAll(async () => {
  server = await startTestRuntime();
  ({ store } = server.database);
  [acme, initech] = [await tenantNamed(server, "acme-corp"), await tenantNamed(server, "initech-llc")];
});
afterAll(() => server[Symbol.asyncDispose]());

const one: UsedRequest = { kind: "api", outcome: "answered", bytesIn: 100, bytesOut: 1_000 };
const at = (text: string) => new ManualClock(Date.parse(text));
const meterOf = (options: Partial<UsageMeterOptions> & Pick<UsageMeterOptions, "clock">) =>
  new UsageMeter({ store, registry: server.database.registry, log: () => undefined, ...options });
const dayOf = async (tenant: Tenant, day: string, meter?: UsageMeter) => {
  const options = meter === undefined ? {} : { meter };
  return (await readTenantUsage(store, tenant, { from: day, to: day }, options)).totals;
};

/** The store with transactions that wait, fail, or pass. */
function unreliable(): {
  store: TenantStore;
  state: "up" | "down" | "gone";
  transactions: number;
  gate: Promise<void>;
} {
  const control = {
    state: "up" as "up" | "down" | "gone",
    transactions: 0,
    gate: Promise.resolve(),
    store: {
      read: store.read.bind(store),
      async transact(tenant: Tenant, fn: never, options: never) {
        control.transactions += 1;
        if (control.state === "down") throw errors.RUNTIME_STORE_BUSY({ tenant: tenant.id, waitedMs: 1 });
        if (control.state === "gone") throw errors.RUNTIME_STORE_REFUSED({ tenant: tenant.id });
        await control.gate;
        return store.transact(tenant, fn, options);
      },
    } as TenantStore,
  };
  return control;
}

test("requests count on the UTC day on which they end, on both sides of midnight", async () => {
  const clock = at("2026-03-01T23:59:59.990Z");
  await using meter = meterOf({ clock });
  meter.count(acme, one);
  clock.advance(9);
  meter.count(acme, { ...one, outcome: "failed" });
  clock.advance(1);
  meter.count(acme, { ...one, kind: "service" });
  meter.count(acme, { ...one, outcome: "refused" });
  meter.count(initech, one);
  await meter.write();
  expect(await dayOf(acme, "2026-03-01")).toMatchObject({
    requests: 2,
    errors: 1,
    serviceRequests: 0,
    refusedRequests: 0,
    bytesIn: 200,
    bytesOut: 2e3,
  });
  expect(await dayOf(acme, "2026-03-02")).toMatchObject({
    requests: 1,
    errors: 0,
    serviceRequests: 1,
    refusedRequests: 1,
    bytesIn: 200,
    bytesOut: 2e3,
  });
  expect(await dayOf(initech, "2026-03-02")).toMatchObject({ requests: 1 });
  // Two processes, or two writes, add up.
  await using other = meterOf({ clock });
  other.count(acme, one);
  await other.write();
  expect(await dayOf(acme, "2026-03-02")).toMatchObject({ requests: 2 });
});

test("a tenant is written every ten seconds while it does something, and not otherwise", async () => {
  const clock = at("2026-03-03T12:00:00Z");
  const control = unreliable();
  await using meter = meterOf({ clock, store: control.store });
  meter.count(acme, one);
  meter.count(acme, one);
  clock.advance(9_999);
  await settle();
  expect(control.transactions).toBe(0);
  clock.advance(1);
  await eventually(() => expect(control.transactions).toBe(2));
  // One for the counts and one for what is stored, which is not measured again so soon.
  await eventually(async () => expect(await dayOf(acme, "2026-03-03")).toMatchObject({ requests: 2 }));
  meter.count(acme, one);
  await advanceUntil(clock, () => control.transactions === 3);
  for (let round = 0; round < 5; round += 1) {
    clock.advance(10_000);
    await settle();
  }
  expect(control.transactions).toBe(3);
});

test("what is not written is read too, also while it is being written, and never twice", async () => {
  const clock = at("2026-03-05T12:00:00Z");
  const control = unreliable();
  await using meter = meterOf({ clock, store: control.store });
  const read = async () => (await dayOf(acme, "2026-03-05", meter)).requests;
  let counted = 0;
  for (let round = 0; round < 40; round += 1) {
    meter.count(acme, one);
    counted += 1;
    let open = (): void => undefined;
    control.gate = new Promise((resolve) => (open = resolve));
    const writing = meter.write();
    const reading = [read(), read()];
    meter.count(acme, one);
    counted += 1;
    setTimeout(open, round % 4);
    for (const requests of await Promise.all(reading)) expect(requests).toBe(counted);
    await writing;
    expect(await read()).toBe(counted);
  }
});

test("while the database is away counts wait, and nothing is lost", async () => {
  const clock = at("2026-03-07T23:00:00Z");
  const control = unreliable();
  const log: LogEntry[] = [];
  await using meter = meterOf({ clock, store: control.store, log: (entry) => void log.push(entry) });
  control.state = "down";
  for (let round = 0; round < 20; round += 1) {
    meter.count(acme, one);
    meter.count(initech, { ...one, outcome: "refused" });
    clock.advance(600_000);
    await meter.write();
  }
  control.state = "up";
  await meter.write();
  const days = [await dayOf(acme, "2026-03-07"), await dayOf(acme, "2026-03-08")];
  expect(days.map(({ requests }) => requests)).toEqual([6, 14]);
  expect((await dayOf(initech, "2026-03-08")).refusedRequests).toBe(14);
  expect(log.map((entry) => entry.kind === "usage" && [entry.state, entry.reason])).toEqual([
    ["behind", "RUNTIME_STORE_BUSY"],
    ["current", null],
  ]);
});

test("the bounds lose what is beyond them, and say how much", async () => {
  const clock = at("2026-04-01T12:00:00Z");
  const control = unreliable();
  const log: LogEntry[] = [];
  const meter = meterOf({ clock, store: control.store, tenantsMax: 1, log: (entry) => void log.push(entry) });
  const lost = () =>
    log.flatMap((entry) => (entry.kind === "usage" && entry.state === "lost" ? [entry.reason] : []));
  meter.count(acme, one);
  for (let count = 0; count < 3; count += 1) meter.count(initech, one);
  await meter.write();
  expect(lost()).toEqual(["requests that were not counted: 3"]);
  // A tenant that is not there any more is not waited for.
  control.state = "gone";
  meter.count(acme, one);
  await meter.write();
  expect(lost().at(-1)).toBe("requests that were not counted: 1");
  control.state = "down";
  for (let day = 0; day < 33; day += 1) {
    meter.count(acme, one);
    clock.advance(86_400_000);
  }
  await meter.write();
  expect(lost().at(-1)).toBe("requests that were not counted: 2");
  await meter[Symbol.asyncDispose]();
  expect(lost().at(-1)).toBe("requests that were not counted: 31");
});

test("counts wait while their tenant is not active, follow it where it moves, and end with it", async () => {
  const clock = at("2026-03-09T12:00:00Z");
  const log: LogEntry[] = [];
  let now: Tenant | undefined = { ...acme, status: "failed" };
  const registry = { find: async () => now };
  await using meter = meterOf({ clock, registry, log: (entry) => void log.push(entry) });
  meter.count(acme, one);
  await meter.write();
  expect(log).toEqual([]);
  now = acme;
  await meter.write();
  expect((await dayOf(acme, "2026-03-09")).requests).toBe(1);
  // What was counted for the tenant where it was is written where it is.
  now = initech;
  meter.count(acme, one);
  await meter.write();
  expect((await dayOf(initech, "2026-03-09")).requests).toBe(1);
  now = undefined;
  meter.count(acme, one);
  await meter.write();
  expect(log.map((entry) => entry.kind === "usage" && entry.state)).toEqual(["lost"]);
});

test("what was counted last is written at the end", async () => {
  const clock = at("2026-03-10T12:00:00Z");
  const meter = meterOf({ clock });
  meter.count(acme, one);
  await Promise.all([meter[Symbol.asyncDispose](), meter[Symbol.asyncDispose]()]);
  expect(await dayOf(acme, "2026-03-10")).toMatchObject({ requests: 1 });
});

test("the usage of all tenants is read page by page, each tenant's own", async () => {
  const clock = at("2026-03-12T12:00:00Z");
  await using meter = meterOf({ clock });
  meter.count(acme, one);
  for (let count = 0; count < 7; count += 1) meter.count(initech, one);
  await meter.write();
  const period = { from: "2026-03-12", to: "2026-03-12" };
  const { registry } = server.database;
  const first = await readUsage(store, registry, period, { limit: 2 });
  const after = first.tenants.at(-1)?.tenant.id;
  const second = await readUsage(store, registry, period, {
    limit: 2,
    ...(after === undefined ? {} : { after }),
  });
  const found = [...first.tenants, ...second.tenants].map(({ tenant, usage }) => [
    tenant.id,
    usage?.totals.requests,
  ]);
  expect([first.more, second.more]).toEqual([true, false]);
  expect(found).toEqual([
    ["acme-corp", 1],
    ["globex-inc", 0],
    ["initech-llc", 7],
  ]);
});

test("what is stored is measured, and counts from then on", async () => {
  const clock = at("2026-03-14T12:00:00Z");
  await using meter = meterOf({ clock });
  const row = { tenant_id: initech.id, collection: "notes", body: "{}" };
  await store.transact(initech, (db) =>
    db.insertInto("documents").values(["a", "b", "c"].map((id) => ({ ...row, id }))),
  );
  const file = { tenant_id: initech.id, name: "f", media_type: "text/plain", sha256: "", created_by: "x" };
  await store.transact(initech, (db) =>
    db.insertInto("files").values([
      { ...file, id: "1", size_bytes: 5_000_000_000 },
      { ...file, id: "2", size_bytes: 7 },
    ]),
  );
  meter.count(initech, one);
  await meter.write();
  const { days } = await readTenantUsage(store, initech, { from: "2026-03-13", to: "2026-03-15" }, {});
  expect(days.map(({ day, documents, fileBytes }) => [day, documents, fileBytes])).toEqual([
    ["2026-03-13", 0, 0],
    ["2026-03-14", 3, 5_000_000_007],
    ["2026-03-15", 3, 5_000_000_007],
  ]);
});

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

/** Repeats an expectation until it holds, for a bounded time. */
async function eventually(expectation: () => void | Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (attempt === 200) throw error;
      await settle();
    }
  }
}

async function advanceUntil(clock: ManualClock, isDone: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !isDone(); attempt += 1) {
    clock.advance(1_000);
    await settle();
  }
  expect(isDone()).toBe(true);
}
