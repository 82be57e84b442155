import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { controlTenantPageSchema, controlTenantSchema } from "../../src/control/control-tenant-schema.ts";
import { type Answer, ask, type Ask, faultOfProblem } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let server: TestRuntime;
let token: string;
beforeAll(async () => {
  server = await startTestRuntime();
  token = await server.controlToken();
});
afterAll(() => server[Symbol.asyncDispose]());

const call = (path: string, options: Ask = {}) =>
  ask(server.controlPort, path, { token, host: "127.0.0.1", ...options });
const add = (body: unknown, options: Ask = {}) =>
  call("/control/v1/tenants", { method: "POST", body, ...options });

function expectProblem(answer: Answer, code: string): void {
  expect(faultOfProblem(answer)).toBeNull();
  expect(answer.json.code).toBe(code);
}

describe("adding a tenant", () => {
  test("a tenant without a tier gets the default tier; again it is the same tenant", async () => {
    const first = await add({ id: "umbrella-co" });
    expect(first.status).toBe(201);
    expect(first.headers["location"]).toBe("/control/v1/tenants/umbrella-co");
    expect(controlTenantSchema.parse(first.json)).toMatchObject({
      id: "umbrella-co",
      tier: "pool",
      isolation: "pool",
      status: "active",
    });
    for (const body of [{ id: "umbrella-co" }, { id: "umbrella-co", tier: "pool" }]) {
      const again = await add(body);
      expect([again.status, again.json]).toEqual([200, first.json]);
    }
  });

  test.each(["bridge", "silo"])(
    "a tenant of the tier %s is isolated as the tier says, and stores documents",
    async (tier) => {
      const id = `${tier}-tenant`;
      expect((await add({ id, tier })).json).toMatchObject({ id, tier, isolation: tier, status: "active" });
      const member = { token: await server.token(id, "member"), host: `${id}.localhost` };
      const created = await ask(server.gatewayPort, "/v2/documents/notes", {
        ...member,
        method: "POST",
        body: { body: { tier } },
      });
      expect(created.status).toBe(201);
      expect((await ask(server.gatewayPort, "/v2/documents/notes", member)).json.items).toEqual([
        created.json,
      ]);
    },
  );

  test("a tenant gets the lowest free slot, counted from 1 as in the lock file", async () => {
    const placements = [];
    for (const id of ["slot-one", "slot-two"]) placements.push((await add({ id })).json.placement);
    const taken = (await call("/control/v1/tenants?limit=200")).json.items.map(
      ({ placement }: { placement: { cell: number; slot: number } }) => placement,
    );
    expect(placements[0].cell).toBe(1);
    expect(placements[1]).toEqual({ cell: 1, slot: placements[0].slot + 1 });
    const slots = taken.map(({ slot }: { slot: number }) => slot).sort((a: number, b: number) => a - b);
    expect(slots).toEqual(slots.map((_: number, index: number) => index + 1));
  });

  test.each(["admin", "www", "control"])("the id %j is reserved for the platform itself", async (id) => {
    const answer = await add({ id });
    expectProblem(answer, "INVALID_BODY");
    expect(answer.json.errors[0]).toEqual({
      pointer: "/id",
      message: "is reserved for the platform itself; choose another",
    });
  });

  test("the same id on another tier is a conflict", async () => {
    await add({ id: "conflict-co" });
    expectProblem(await add({ id: "conflict-co", tier: "silo" }), "TENANT_EXISTS");
  });

  test("of ten who add the same tenant at once each gets it", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => add({ id: "crowd-co" })));
    expect(answers.every((answer) => answer.status === 200 || answer.status === 201)).toBe(true);
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  });

  test.each([
    "ab",
    "Acme",
    "acme_corp",
    "acme--corp",
    "-acme",
    "acme-",
    "1acme",
    "a".repeat(33),
    "acme corp",
    "acme\n",
    "../etc",
    "acme'; drop table tenants",
    "",
    "münchen",
  ])("the id %j is refused with the grammar", async (id) => {
    const answer = await add({ id });
    expectProblem(answer, "INVALID_BODY");
    expect(answer.json.errors[0]).toEqual({
      pointer: "/id",
      message:
        "must be 3 to 32 lower-case letters and digits in words joined by single hyphens, the first a letter",
    });
  });

  test.each([
    {},
    { id: 1 },
    { id: null },
    { id: ["acme"] },
    [],
    null,
    "x",
    { id: "good-co", isolation: "silo" },
    { id: "good-co", placement: { cell: 1 } },
    { id: "good-co", tier: 1 },
  ])("the body %j is refused", async (body) =>
    expectProblem(await add(JSON.stringify(body)), "INVALID_BODY"),
  );

  test.each(["gold", "__proto__", "constructor", ""])(
    "the tier %j is refused, with those there are",
    async (tier) => {
      const answer = await add({ id: "tier-co", tier });
      expectProblem(answer, "INVALID_BODY");
      expect(answer.json.errors[0].pointer).toBe("/tier");
      if (tier !== "") expect(answer.json.errors[0].message).toBe("must be one of bridge, pool, silo");
      expectProblem(await call("/control/v1/tenants/tier-co"), "TENANT_NOT_FOUND");
    },
  );

  test("an auditor may look and not add", async () => {
    const auditor = await server.controlToken("auditor");
    expect((await call("/control/v1/tenants", { token: auditor })).status).toBe(200);
    expectProblem(await add({ id: "audit-co" }, { token: auditor }), "PERMISSION_MISSING");
  });
});

test("tenants are listed in pages, each once, in the order of their ids", async () => {
  for (const id of ["list-a", "list-b", "list-c"]) await add({ id });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = controlTenantPageSchema.parse(
      (await call(`/control/v1/tenants?limit=2${cursor === null ? "" : `&cursor=${cursor}`}`)).json,
    );
    seen.push(...page.items.map((tenant) => tenant.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen).toEqual(
    expect.arrayContaining(["acme-corp", "globex-inc", "initech-llc", "list-a", "list-b", "list-c"]),
  );
  expectProblem(await call("/control/v1/tenants?cursor=AAAA"), "INVALID_CURSOR");
  expectProblem(await call("/control/v1/tenants?limit=201"), "INVALID_PARAMETER");
});

test("one tenant is read, an unknown one is not found, a malformed id is refused", async () => {
  expect(controlTenantSchema.parse((await call("/control/v1/tenants/acme-corp")).json).id).toBe("acme-corp");
  expectProblem(await call("/control/v1/tenants/nobody-here"), "TENANT_NOT_FOUND");
  expectProblem(await call("/control/v1/tenants/NOBODY"), "INVALID_PARAMETER");
});

test("what is not there is a problem here too", async () => {
  expectProblem(await call("/control/v1/nothing"), "ROUTE_NOT_FOUND");
  expectProblem(await call("/v2/tenant"), "ROUTE_NOT_FOUND");
  expectProblem(await call("/"), "ROUTE_NOT_FOUND");
  const wrong = await call("/control/v1/tenants", { method: "DELETE" });
  expectProblem(wrong, "METHOD_NOT_ALLOWED");
  expect(wrong.headers["allow"]).toBe("GET, HEAD, OPTIONS, POST");
});

test("tokens of tenants are no tokens here", async () => {
  expectProblem(
    await call("/control/v1/tenants", { token: await server.token("acme-corp") }),
    "TOKEN_INVALID",
  );
});
