import { systemClock, systemRandom } from "@tenantry/base";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { controlAuditEventSchema } from "../../src/control/audit-events/list-control-audit-events.ts";
import { keepControlAuditEvent } from "../../src/control/audit-events/keep-control-audit-event.ts";
import { cellSchema } from "../../src/control/cells/list-cells.ts";
import { lifecycleEventSchema } from "../../src/control/events/list-events.ts";
import { tierSchema } from "../../src/control/tiers/list-tiers.ts";
import { tenantUsageSchema } from "../../src/control/usage/list-usage.ts";
import { databaseNames } from "../../src/database/database-names.ts";
import { keepLifecycleEvent } from "../../src/events/keep-lifecycle-event.ts";
import { usageDay } from "../../src/usage/usage-day.ts";
import { type Answer, ask, faultOfProblem } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";

let server: TestRuntime;
let token: string;
const ports = { clock: systemClock, random: systemRandom };
beforeAll(async () => {
  server = await startTestRuntime();
  token = await server.controlToken("auditor");
});
afterAll(() => server[Symbol.asyncDispose]());

/** What a failed operation would leave in the registry. */
async function asAdmin(text: string): Promise<void> {
  const { host, port, user, password } = inject("databaseServer");
  const { database } = databaseNames(server.config.platform.name);
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

const get = (path: string) => ask(server.controlPort, `/control/v1/${path}`, { token });
function expectProblem(answer: Answer, code: string): void {
  expect(faultOfProblem(answer)).toBeNull();
  expect(answer.json.code).toBe(code);
}
/** All items, page by page. */
async function all<View>(path: string, item: z.ZodType<View>, limit: number): Promise<View[]> {
  const items: View[] = [];
  let cursor: string | null = null;
  do {
    const separator = path.includes("?") ? "&" : "?";
    const at: string = cursor === null ? "" : `&cursor=${cursor}`;
    const { json } = await get(`${path}${separator}limit=${limit}${at}`);
    const page = z.array(item).parse(json.items);
    expect(page.length).toBeLessThanOrEqual(limit);
    items.push(...page);
    cursor = json.nextCursor as string | null;
  } while (cursor !== null);
  return items;
}

test("tiers are as they are defined, with their tenants counted", async () => {
  const tiers = await all("tiers", tierSchema, 2);
  expect(
    tiers.map(({ name, tenants, isDefault, stores }) => [name, tenants, isDefault, stores["main"]]),
  ).toEqual([
    ["bridge", 1, false, "bridge"],
    ["pool", 2, true, "pool"],
    ["silo", 0, false, "silo"],
  ]);
  expect(tiers[0]).toMatchObject({
    services: { web: "pool", shop: "pool", gone: "pool" },
    limits: { requestsPerMinute: 10_000_000, burst: null },
    monthlyPriceUsd: null,
  });
});

test("cells say what room they have, and an empty one below others is listed", async () => {
  expect(await all("cells", cellSchema, 10)).toEqual([
    { cell: 1, capacity: 90, used: 3, free: 87, tenantsByTier: { pool: 2, bridge: 1 } },
  ]);
  await server.database.onboard({
    id: "hooli-xyz" as never,
    tier: "pool",
    isolation: "pool",
    placement: { cell: 3, slot: 1 },
  });
  const cells = await all("cells", cellSchema, 2);
  expect(cells.map(({ cell, used }) => [cell, used])).toEqual([
    [1, 3],
    [2, 0],
    [3, 1],
  ]);
});

describe("usage", () => {
  const day = usageDay(systemClock.nowMs());
  beforeAll(async () => {
    for (const [id, amount] of [
      ["acme-corp", 7],
      ["initech-llc", 11],
    ] as const) {
      const tenant = await server.database.registry.find(id);
      await server.database.store.transact(tenant as never, (db) =>
        db.insertInto("usage_days").values({ tenant_id: id, day, metric: "documents", amount }),
      );
    }
  });

  test("is that of each tenant, page by page", async () => {
    const items = await all(`usage?from=${day}`, tenantUsageSchema, 2);
    expect(items.map(({ tenant, usage }) => [tenant, usage?.totals.documents])).toEqual([
      ["acme-corp", 7],
      ["globex-inc", 0],
      ["hooli-xyz", 0],
      ["initech-llc", 11],
    ]);
    expect(items[0]?.usage).toMatchObject({ from: day, to: day, days: [{ day, documents: 7 }] });
  });

  test("can be asked of one tenant, and of days that make sense", async () => {
    const one = await all(`usage?tenant=initech-llc`, tenantUsageSchema, 2);
    expect(one).toMatchObject([
      { tenant: "initech-llc", tier: "bridge", usage: { totals: { documents: 11 } } },
    ]);
    expect(one[0]?.usage?.days).toHaveLength(30);
    expectProblem(await get("usage?tenant=nobody-here"), "TENANT_NOT_FOUND");
    for (const query of ["from=2026-02-30", "from=yesterday", "from=2026-02-02&to=2026-02-01", "tenant=X"])
      expectProblem(await get(`usage?${query}`), "INVALID_PARAMETER");
    expectProblem(await get("usage?from=2020-01-01&to=2026-01-01"), "INVALID_PARAMETER");
  });

  test("of a tenant that is not active is null, and hides nobody else's", async () => {
    await asAdmin("update tenantry.tenants set status = 'failed' where tenant_id = 'globex-inc'");
    const items = await all(`usage?from=${day}`, tenantUsageSchema, 200);
    expect(items.map(({ tenant, usage }) => [tenant, usage === null])).toEqual([
      ["acme-corp", false],
      ["globex-inc", true],
      ["hooli-xyz", false],
      ["initech-llc", false],
    ]);
  });
});

describe("events", () => {
  beforeAll(async () => {
    for (let n = 0; n < 9; n += 1) {
      const tenant = n % 3 === 0 ? "acme-corp" : "globex-inc";
      const type = n % 2 === 0 ? "activateRequest" : "exportSuccess";
      await server.database.control.transact((client) =>
        keepLifecycleEvent(
          client,
          { type, tenant: tenant as never, operation: `o-${n}`, detail: { n } },
          { ...ports, clock: { ...systemClock, nowMs: () => Date.UTC(2026, 0, 1 + n) } },
        ),
      );
    }
  });
  const numbers = async (query: string) =>
    (await all(`events${query}`, lifecycleEventSchema, 2)).map(({ detail }) => detail["n"]);

  test("are listed newest first, and narrowed by tenant, type and time", async () => {
    expect(await numbers("")).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(await numbers("?tenant=acme-corp")).toEqual([6, 3, 0]);
    expect(await numbers("?type=exportSuccess")).toEqual([7, 5, 3, 1]);
    expect(await numbers("?from=2026-01-05T00:00:00Z&to=2026-01-07T00:00:00Z")).toEqual([5, 4]);
    // The same moments in another zone.
    expect(await numbers("?from=2026-01-05T01:00:00%2B01:00&to=2026-01-06T23:00:00-01:00")).toEqual([5, 4]);
    expect(await numbers("?tenant=acme-corp&type=activateRequest")).toEqual([6, 0]);
  });

  test("a cursor belongs to the filter that it came with", async () => {
    const { json } = await get("events?limit=2&tenant=acme-corp");
    expectProblem(await get(`events?limit=2&tenant=globex-inc&cursor=${json.nextCursor}`), "INVALID_CURSOR");
    expectProblem(await get("events?type=tenantMoved"), "INVALID_PARAMETER");
    expectProblem(await get("events?from=yesterday"), "INVALID_PARAMETER");
    expectProblem(await get("events?tenant=NOBODY"), "INVALID_PARAMETER");
  });
});

test("audit events are listed newest first, and narrowed", async () => {
  for (let n = 0; n < 5; n += 1) {
    await server.database.control.transact((client) =>
      keepControlAuditEvent(
        client,
        {
          actorKind: n === 4 ? "system" : "operator",
          actor: n % 2 === 0 ? "ada@example.com" : "bob@example.com",
          action: n < 3 ? "tenant.suspended" : "tenant.resumed",
          target: `t-${n}`,
          tenant: n === 0 ? null : ("acme-corp" as never),
          requestId: `r-${n}`,
          details: { n },
        },
        ports,
      ),
    );
  }
  const targets = async (query: string) =>
    (await all(`audit-events${query}`, controlAuditEventSchema, 2)).map(({ target }) => target);
  expect(await targets("")).toEqual(["t-4", "t-3", "t-2", "t-1", "t-0"]);
  expect(await targets("?actor=ada@example.com")).toEqual(["t-4", "t-2", "t-0"]);
  expect(await targets("?action=tenant.resumed")).toEqual(["t-4", "t-3"]);
  expect(await targets("?tenant=acme-corp&action=tenant.suspended")).toEqual(["t-2", "t-1"]);
  expect(await targets("?target=t-1")).toEqual(["t-1"]);
  expect(await targets("?to=2026-01-01T00:00:00Z")).toEqual([]);
});
