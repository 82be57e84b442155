import http from "node:http";
import { systemClock } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Runtime } from "../../src/runtime.ts";
import { ask } from "./exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "./test-runtime.ts";

// Goal: what the platform promises of its servers when there are several and one goes: probes that tell
// the truth, a stop that costs no request, and reads that see what was written a moment ago elsewhere.

let server: TestRuntime;
let token: string;
beforeAll(async () => {
  server = await startTestRuntime({}, { services: "none" });
  token = await server.token("acme-corp");
});
afterAll(() => server[Symbol.asyncDispose]());

const notes = "/v2/documents/notes";
const create = (port: number, body: object) => ask(port, notes, { method: "POST", token, body: { body } });

test("S2.05: a query without a tenant in it sees the rows of its own tenant, and writes no others", async () => {
  for (const id of ["acme-corp", "globex-inc", "initech-llc"]) {
    const own = await server.token(id);
    await ask(server.gatewayPort, "/v2/documents/isolation", {
      method: "POST",
      host: `${id}.localhost`,
      token: own,
      body: { body: { of: id } },
    });
  }
  for (const id of ["acme-corp", "globex-inc", "initech-llc"]) {
    const tenant = await server.database.registry.find(id);
    if (tenant === undefined) throw new Error(`the tenant ${id} is missing`);
    const seen = await server.database.store.read(tenant, (db) =>
      db.selectFrom("documents").select(["tenant_id", "body"]).where("collection", "=", "isolation"),
    );
    expect(seen).toEqual([{ tenant_id: id, body: { of: id } }]);
    const changed = await server.database.store.transact(tenant, (db) =>
      db
        .updateTable("documents")
        .set({ version: 7 })
        .where("collection", "=", "isolation")
        .returning("tenant_id"),
    );
    expect(changed).toEqual([{ tenant_id: id }]);
  }
});

test("S2.15: a server that is busy or draining stays alive, and says that it is not ready only when it is not", async () => {
  const runtime = await server.startAnother({ apiLimits: { drainNoticeMs: 400, requestsInFlightMax: 1 } });
  const port = portOf(runtime.gatewayUrl);
  const probe = async () =>
    Promise.all(["/health/live", "/health/ready"].map(async (path) => (await ask(port, path)).status));
  expect(await probe()).toEqual([200, 200]);
  const crowd = Promise.all(Array.from({ length: 60 }, () => ask(port, notes, { token })));
  expect(await probe()).toEqual([200, 200]);
  await crowd;
  const drained = runtime.drain();
  expect(await probe()).toEqual([200, 503]);
  await drained;
});

test("S2.19: a server that is told to go answers everything that it has accepted, while another takes over", async () => {
  const leaving = await server.startAnother({});
  const staying = await server.startAnother({});
  const outcomes = { answered: 0, refused: 0, broken: [] as string[] };
  const agents = Array.from({ length: 8 }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  const over = new AbortController();
  const clients = agents.map(async (agent, client) => {
    let target: Runtime = leaving;
    for (let count = 0; !over.signal.aborted; count += 1) {
      try {
        const answer = await ask(portOf(target.gatewayUrl), "/v2/documents/drained", {
          method: "POST",
          token,
          body: { body: { client, count } },
          agent,
        });
        if (answer.status === 201) outcomes.answered += 1;
        else outcomes.broken.push(String(answer.status));
      } catch {
        // No answer: below it is compared with what was written whether the server had taken the request.
        outcomes.refused += 1;
        target = staying;
      }
    }
  });
  await systemClock.sleep(300);
  await leaving.drain();
  await systemClock.sleep(300);
  over.abort();
  await Promise.all(clients);
  for (const agent of agents) agent.destroy();
  await staying.drain();
  expect(outcomes.broken).toEqual([]);
  expect(outcomes.answered).toBeGreaterThan(100);
  const tenant = await server.database.registry.find("acme-corp");
  if (tenant === undefined) throw new Error("the tenant acme-corp is missing");
  const written = await server.database.store.read(tenant, (db) =>
    db.selectFrom("documents").select("id").where("collection", "=", "drained"),
  );
  expect(written).toHaveLength(outcomes.answered);
  // Each client met the server that was gone, and none twice.
  expect(outcomes.refused).toBeGreaterThan(0);
  expect(outcomes.refused).toBeLessThanOrEqual(agents.length);
});

test("S2.20: what one server has acknowledged, the other reads at once, and of two writers one wins", async () => {
  const other = await server.startAnother({});
  const [one, two] = [server.gatewayPort, portOf(other.gatewayUrl)];
  try {
    for (let round = 0; round < 50; round += 1) {
      const { json: made } = await create(round % 2 === 0 ? one : two, { round });
      const { status, headers, json } = await ask(round % 2 === 0 ? two : one, `${notes}/${made.id}`, {
        token,
      });
      expect([status, json.body]).toEqual([200, { round }]);
      const replace = (port: number, by: string) =>
        ask(port, `${notes}/${made.id}`, {
          method: "PUT",
          token,
          headers: { "if-match": headers["etag"] ?? "" },
          body: { body: { by } },
        });
      const answers = await Promise.all([replace(one, "one"), replace(two, "two")]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
      const winner = answers.find((answer) => answer.status === 200)?.json.body;
      expect((await ask(round % 2 === 0 ? one : two, `${notes}/${made.id}`, { token })).json.body).toEqual(
        winner,
      );
    }
  } finally {
    await other.drain();
  }
});
