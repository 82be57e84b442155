import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditEventSchema } from "../../src/api/audit-events/audit-event-schema.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { expectProblem, type TenantClient, tenantClient, tenantNamed } from "./tenant-client.ts";

let server: TestRuntime;
let owner: TenantClient;
let startMs: number;
beforeAll(async () => {
  server = await startTestRuntime();
  owner = await tenantClient(server, "acme-corp");
  startMs = Date.now();
  for (let count = 0; count < 6; count += 1) await change(`role-${count}`);
});
afterAll(() => server[Symbol.asyncDispose]());

const change = async (name: string) =>
  expect(
    (await owner(`/v1/roles/${name}`, { method: "PUT", body: { permissions: ["files:read"] } })).status,
  ).toBeLessThan(300);
const targets = (json: { items: { target: string }[] }) => json.items.map(({ target }) => target);

test("both versions list the same events, newest first", async () => {
  const [one, two] = [await owner("/v1/audit-events"), await owner("/v2/audit-events")];
  expect(targets(one.json)).toEqual(["role-5", "role-4", "role-3", "role-2", "role-1", "role-0"]);
  expect(two.json.items).toEqual(one.json.items);
  expect(one.json.total).toBe(6);
  const [event] = one.json.items.map((item: unknown) => auditEventSchema.parse(item));
  expect(event).toMatchObject({ action: "role.created", actor: "ada@example.com", actorKind: "member" });
  expect(Date.parse(event.occurredAt)).toBeGreaterThanOrEqual(startMs);
  // The time that is shown is the database's, to within what a request takes.
  const rows = await server.database.store.read(await tenantNamed(server, "acme-corp"), (db) =>
    db.selectFrom("audit_events").select("occurred_at").where("id", "=", event.id),
  );
  expect(Math.abs((rows[0]?.occurred_at.getTime() ?? 0) - Date.parse(event.occurredAt))).toBeLessThan(5_000);
});

test("events that come while pages are read are on none of the pages that follow", async () => {
  const client = await tenantClient(server, "globex-inc");
  const put = (name: string) =>
    client(`/v1/roles/${name}`, { method: "PUT", body: { permissions: ["files:read"] } });
  for (let count = 0; count < 7; count += 1) await put(`old-${count}`);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${cursor}`;
    const { json } = await client(`/v2/audit-events?limit=2${query}`);
    seen.push(...targets(json));
    cursor = json.nextCursor;
    await put(`new-${seen.length}`);
  } while (cursor !== null);
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((count) => `old-${count}`));
  // With a fixed end, pages by offset stand still too.
  const { json: last } = await client("/v1/audit-events?target=old-6");
  const to = new Date(Date.parse(last.items[0].occurredAt) + 1).toISOString();
  const pages: string[] = [];
  for (let offset = 0; offset < 7; offset += 3) {
    pages.push(...targets((await client(`/v1/audit-events?to=${to}&limit=3&offset=${offset}`)).json));
    await put(`newer-${offset}`);
  }
  expect(pages.filter((target) => target.startsWith("old"))).toEqual(seen);
});

describe.each(["v1", "v2"])("in %s", (version) => {
  test("filters narrow the list, alone and together", async () => {
    const list = async (query: string) => targets((await owner(`/${version}/audit-events?${query}`)).json);
    expect(await list("target=role-3")).toEqual(["role-3"]);
    expect(await list("action=role.deleted")).toEqual([]);
    expect(await list("action=role.created")).toHaveLength(6);
    expect(await list("actor=ada@example.com&target=role-1")).toEqual(["role-1"]);
    expect(await list("actor=nobody")).toEqual([]);
    const { json } = await owner("/v1/audit-events");
    const at = (index: number): string => json.items[index].occurredAt;
    // From is included and to is not; events of one millisecond come and go together.
    const shown = json.items.filter(
      (item: { occurredAt: string }) => item.occurredAt >= at(3) && item.occurredAt < at(1),
    );
    expect(await list(`from=${at(3)}&to=${at(1)}`)).toEqual(targets({ items: shown }));
    expect(await list(`to=${at(5)}`)).toEqual([]);
    const offset = at(3).replace("Z", "%2B00:00");
    expect(await list(`from=${offset}&to=${at(1)}`)).toEqual(targets({ items: shown }));
  });

  test("filters that make no sense are refused, and nothing but reading is there", async () => {
    for (const query of ["from=yesterday", "to=", "action=", "kind=x", "from=1900-01-01T00:00:00Z"]) {
      expectProblem(await owner(`/${version}/audit-events?${query}`), "INVALID_PARAMETER");
    }
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expectProblem(await owner(`/${version}/audit-events`, { method, body: {} }), "METHOD_NOT_ALLOWED");
    }
  });
});

test("a cursor counts only with the filter that it was given out with", async () => {
  const { json } = await owner("/v2/audit-events?limit=1&action=role.created");
  expectProblem(await owner(`/v2/audit-events?limit=1&cursor=${json.nextCursor}`), "INVALID_CURSOR");
  const next = await owner(`/v2/audit-events?limit=1&action=role.created&cursor=${json.nextCursor}`);
  expect(next.json.items).toHaveLength(1);
});
