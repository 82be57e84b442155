import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bulkResultSchema } from "../../src/api/documents/bulk-operation.ts";
import { runBulk } from "../../src/api/documents/run-bulk.ts";
import type { Execute, WriteQueries } from "../../src/tenant-store/tenant-store.ts";
import { expectProblem } from "../api/tenant-client.ts";
import { ask, type Ask } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";

let server: TestRuntime;
let token: string;
beforeAll(async () => {
  server = await startTestRuntime();
  token = await server.token("acme-corp", "member");
});
afterAll(() => server[Symbol.asyncDispose]());

const call = (path: string, options: Ask = {}) => ask(server.gatewayPort, path, { token, ...options });
const bulk = (collection: string, operations: readonly unknown[], more: object = {}, options: Ask = {}) =>
  call(`/v2/documents/${collection}/bulk`, { method: "POST", body: { operations, ...more }, ...options });
const list = async (collection: string) =>
  (await call(`/v2/documents/${collection}?limit=200`)).json.items as { id: string; body: unknown }[];

async function create(collection: string, body: unknown): Promise<string> {
  return (await call(`/v2/documents/${collection}`, { method: "POST", body: { body } })).json.id;
}

test("operations are done in their order, each on what those before it have left", async () => {
  const [replaced, patched, removed] = await Promise.all([
    create("order", { n: 1 }),
    create("order", { a: 1, b: 2 }),
    create("order", {}),
  ]);
  const answer = await bulk("order", [
    { op: "create", body: { new: true } },
    { op: "replace", id: replaced, ifMatch: '"1"', body: { n: 2 } },
    { op: "patch", id: patched, body: { b: null, c: 3 } },
    { op: "patch", id: patched, ifMatch: '"2"', body: { d: 4 } },
    { op: "delete", id: removed, ifMatch: "*" },
  ]);
  expect(answer.status).toBe(200);
  const { outcomes } = bulkResultSchema.parse(answer.json);
  expect(outcomes.map(({ status }) => status)).toEqual([201, 200, 200, 200, 204]);
  expect(outcomes.map(({ document }) => document?.version ?? null)).toEqual([1, 2, 2, 3, null]);
  expect(outcomes[2]?.document?.body).toEqual({ a: 1, c: 3 });
  expect(outcomes[3]?.document?.body).toEqual({ a: 1, c: 3, d: 4 });
  const stored = await list("order");
  const last = [outcomes[0], outcomes[1], outcomes[3]].map((outcome) => outcome?.document);
  expect(stored).toEqual(last.sort((a, b) => ((a?.id ?? "") < (b?.id ?? "") ? -1 : 1)));
});

describe("an operation that cannot be done", () => {
  const nobody = "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37";

  test("stops all of an atomic bulk, which says where it is", async () => {
    const id = await create("atomic", { n: 1 });
    const answer = await bulk("atomic", [
      { op: "create", body: {} },
      { op: "patch", id, body: { n: 2 } },
      { op: "delete", id: nobody },
      { op: "replace", id, ifMatch: '"7"', body: {} },
    ]);
    expectProblem(answer, "BULK_REFUSED");
    expect(answer.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/operations/2",
      "/operations/3",
    ]);
    expect(answer.json.errors[0].message).toContain("DOCUMENT_NOT_FOUND");
    expect(answer.json.errors[1].message).toContain("PRECONDITION_FAILED");
    expect((await list("atomic")).map(({ body }) => body)).toEqual([{ n: 1 }]);
  });

  test("leaves the others be where the bulk is not atomic", async () => {
    const id = await create("each", { n: 1 });
    const answer = await bulk(
      "each",
      [
        { op: "delete", id: nobody },
        { op: "patch", id, ifMatch: '"9"', body: { n: 9 } },
        { op: "patch", id, body: { n: 2 } },
        { op: "delete", id },
        { op: "patch", id, body: {} },
      ],
      { atomic: false },
    );
    expect(answer.status).toBe(200);
    const { outcomes } = bulkResultSchema.parse(answer.json);
    expect(outcomes.map(({ status }) => status)).toEqual([404, 412, 200, 204, 404]);
    expect(outcomes[1]?.problem).toMatchObject({ code: "PRECONDITION_FAILED", pointer: "/operations/1" });
    expect(await list("each")).toEqual([]);
  });
});

test("what is not an operation is refused with its place", async () => {
  const id = "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37";
  for (const [operations, pointer] of [
    [[], "/operations"],
    [Array.from({ length: 101 }, () => ({ op: "create", body: {} })), "/operations"],
    [[{ op: "create", body: {} }, { op: "drop" }], "/operations/1/op"],
    [[{ op: "create", id, body: {} }], "/operations/0/id"],
    [[{ op: "replace", id, body: {} }], "/operations/0/ifMatch"],
    [[{ op: "patch", id, ifMatch: "1", body: {} }], "/operations/0/ifMatch"],
    [[{ op: "patch", id: "one", body: {} }], "/operations/0/id"],
    [[{ op: "patch", id, body: [] }], "/operations/0/body"],
  ] as const) {
    const answer = await bulk("invalid", operations);
    expectProblem(answer, "INVALID_BODY");
    expect(answer.json.errors[0].pointer).toBe(pointer);
  }
  expect(await list("invalid")).toEqual([]);
  expectProblem(await call("/v2/documents/invalid/bulk"), "METHOD_NOT_ALLOWED");
});

test("a hundred operations of all kinds take four queries", async () => {
  const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => create("queries", { n })));
  const tenant = await server.database.registry.find("acme-corp" as never);
  let queries = 0;
  let counter = 0;
  const outcomes = await server.database.store.transact(
    tenant as never,
    (db: WriteQueries, execute: Execute) =>
      runBulk(
        db,
        ((query) => {
          queries += 1;
          return execute(query);
        }) as Execute,
        tenant as never,
        {
          collection: "queries",
          atomic: true,
          operations: [
            ...Array.from({ length: 40 }, (_, n) => ({ op: "create" as const, body: { n } })),
            ...ids.slice(0, 30).map((id) => ({ op: "patch" as const, id, body: { done: true } })),
            ...ids.slice(30).map((id) => ({ op: "delete" as const, id })),
          ],
          newId: () => `0197a5f0-3c7e-7a10-9d5b-${String((counter += 1)).padStart(12, "0")}`,
        },
      ),
  );
  expect(outcomes).toHaveLength(100);
  expect(queries).toBe(4);
  expect(await list("queries")).toHaveLength(70);
});

test("bulks that meet on the same documents lose no change and do not block one another for good", async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, () => create("race", {})));
  const one = (n: number) => {
    const order = n % 2 === 0 ? ids : ids.toReversed();
    return bulk(
      "race",
      order.map((id) => ({ op: "patch", id, body: { [`m${n}`]: n } })),
    );
  };
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => one(n)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
  for (const { body } of await list("race")) expect(Object.keys(body as object)).toHaveLength(12);
});

test("a bulk reaches the documents of its own tenant and no others", async () => {
  const id = await create("private", { secret: "acme" });
  for (const tenant of ["globex-inc", "initech-llc"]) {
    const foreign = { token: await server.token(tenant), host: `${tenant}.localhost` };
    const answer = await bulk("private", [{ op: "delete", id }], { atomic: false }, foreign);
    expect(answer.json.outcomes[0].status).toBe(404);
    expect((await bulk("private", [{ op: "create", body: { of: tenant } }], {}, foreign)).status).toBe(200);
  }
  expect(await list("private")).toHaveLength(1);
});
