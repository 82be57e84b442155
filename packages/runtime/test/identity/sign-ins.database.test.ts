import { systemClock, systemRandom } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, faultOfProblem } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { PasswordHasher } from "../../src/identity/password.ts";
import { addMember, goodPassword, signInAs } from "./people.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime();
});
afterAll(() => server[Symbol.asyncDispose]());

const post = (path: string, body: unknown, token?: string) =>
  ask(server.gatewayPort, path, { method: "POST", body, ...(token === undefined ? {} : { token }) });
const get = (path: string, token: string) => ask(server.gatewayPort, path, { token });
const remove = (path: string, token: string) => ask(server.gatewayPort, path, { method: "DELETE", token });
const acme = async () => {
  const tenant = await server.database.registry.find("acme-corp" as never);
  if (tenant === undefined) throw new Error("no tenant");
  return tenant;
};

describe.each(["v1", "v2"] as const)("%s", (version) => {
  test("a member signs in, reads, refreshes, lists their sign-ins and signs out", async () => {
    const { email, id } = await addMember(server);
    const signedIn = await post(`/${version}/sign-ins`, {
      email: email.toUpperCase(),
      password: goodPassword,
    });
    expect(signedIn.status).toBe(201);
    expect(signedIn.headers["cache-control"]).toBe("no-store");
    expect(signedIn.json).toMatchObject({ expiresInSeconds: 900, signIn: { memberId: id, current: true } });
    expect((await get(`/${version}/tenant`, signedIn.json.accessToken)).status).toBe(200);
    const refreshed = await post(`/${version}/sign-ins/refresh`, {
      refreshToken: signedIn.json.refreshToken,
    });
    expect(refreshed.status).toBe(200);
    expect(refreshed.json.signIn.id).toBe(signedIn.json.signIn.id);
    const listed = await get(`/${version}/sign-ins`, refreshed.json.accessToken);
    const own = listed.json.items.map((one: { id: string; current: boolean }) => [one.id, one.current]);
    expect(own).toHaveLength(2);
    expect(own.at(-1)).toEqual([signedIn.json.signIn.id, true]);
    const path = `/${version}/sign-ins/${signedIn.json.signIn.id}`;
    expect((await remove(path, refreshed.json.accessToken)).status).toBe(204);
    for (const token of [signedIn.json.accessToken, refreshed.json.accessToken]) {
      expect((await get(`/${version}/tenant`, token)).json.code).toBe("TOKEN_INVALID");
    }
    const again = await post(`/${version}/sign-ins/refresh`, { refreshToken: refreshed.json.refreshToken });
    expect(again.json.code).toBe("TOKEN_INVALID");
  });
});

test("whatever keeps somebody out has the same answer and leaves the same trace outside", async () => {
  const suspended = await addMember(server);
  const wrong = await addMember(server);
  const without = await addMember(server);
  await server.database.store.transact(await acme(), (db) =>
    db
      .updateTable("members")
      .set({ status: "suspended" })
      .where("tenant_id", "=", "acme-corp")
      .where("id", "=", suspended.id),
  );
  await server.database.store.transact(await acme(), (db) =>
    db
      .updateTable("members")
      .set({ password_hash: null })
      .where("tenant_id", "=", "acme-corp")
      .where("id", "=", without.id),
  );
  const answers = [
    await post("/v2/sign-ins", { email: "nobody@example.com", password: goodPassword }),
    await post("/v2/sign-ins", { email: wrong.email, password: "something else entirely" }),
    await post("/v2/sign-ins", { email: suspended.email, password: goodPassword }),
    await post("/v2/sign-ins", { email: without.email, password: goodPassword }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(401);
    expect(faultOfProblem(answer)).toBeNull();
  }
  const shapes = answers.map(({ headers, json }) => {
    const names = Object.keys(headers).sort();
    const { requestId: _, ...problem } = json;
    return { names, problem };
  });
  expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(1);
  // The negative control: the same member with the right password gets in.
  expect((await post("/v2/sign-ins", { email: wrong.email, password: goodPassword })).status).toBe(201);
  const reasons = (await auditOf("sign-in.failed")).map(({ actor, details }) => [actor, details["reason"]]);
  expect(reasons).toEqual(
    expect.arrayContaining([
      ["nobody@example.com", "unknown address"],
      [wrong.email, "wrong password"],
      [suspended.email, "suspended"],
      [without.email, "no password"],
    ]),
  );
});

async function auditOf(action: string) {
  return server.database.store.read(await acme(), (db) =>
    db
      .selectFrom("audit_events")
      .select(["actor", "action", "target", "details"])
      .where("tenant_id", "=", "acme-corp")
      .where("action", "=", action)
      .orderBy("id"),
  );
}

test("an unknown address takes as long as a wrong password, with the work that production does", async () => {
  const passwords = new PasswordHasher({ clock: systemClock, random: systemRandom, costLog2: 14 });
  const tenant = await acme();
  const stored = await passwords.whenThereIsRoom(tenant, ({ hash }) => hash(goodPassword));
  const timeOf = async (hash: string | null) => {
    const startMs = performance.now();
    await passwords.whenThereIsRoom(tenant, ({ verify }) => verify("something else entirely", hash));
    return performance.now() - startMs;
  };
  const [unknown, wrong]: [number[], number[]] = [[], []];
  for (let round = 0; round < 9; round += 1) {
    unknown.push(await timeOf(null));
    wrong.push(await timeOf(stored));
  }
  const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  expect(median(unknown) / median(wrong)).toBeGreaterThan(0.5);
  expect(median(unknown) / median(wrong)).toBeLessThan(2);
});

test("after five failures an address waits, also one that no member has, and others do not", async () => {
  const known = await addMember(server);
  const other = await addMember(server);
  for (const email of [known.email, "stranger@example.com"]) {
    // At once: many tries together are no way around the limit.
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => post("/v2/sign-ins", { email, password: "something else entirely" })),
    );
    expect(tries.filter(({ json }) => json.code === "SIGN_IN_FAILED")).toHaveLength(5);
    const blocked = tries.filter(({ json }) => json.code === "SIGN_IN_BLOCKED");
    expect(blocked).toHaveLength(3);
    expect(Number(blocked[0]?.headers["retry-after"])).toBeGreaterThanOrEqual(29);
    expect((await post("/v2/sign-ins", { email, password: goodPassword })).json.code).toBe("SIGN_IN_BLOCKED");
  }
  await signInAs(server, other.email);
});

test("a refresh token works once; whoever uses a spent one, however old, ends the sign-in", async () => {
  for (const generations of [1, 3]) {
    const { refreshToken, accessToken, signIn } = await addMember(server);
    let current = refreshToken;
    for (let count = 0; count < generations; count += 1) {
      const next = await post("/v2/sign-ins/refresh", { refreshToken: current });
      expect(next.status).toBe(200);
      current = next.json.refreshToken;
    }
    const reused = await post("/v2/sign-ins/refresh", { refreshToken });
    expect(reused.json.code).toBe("TOKEN_INVALID");
    expect((await get("/v2/tenant", accessToken)).json.code).toBe("TOKEN_INVALID");
    expect((await post("/v2/sign-ins/refresh", { refreshToken: current })).json.code).toBe("TOKEN_INVALID");
    expect((await auditOf("sign-in.token-reused")).map(({ target }) => target)).toContain(signIn);
  }
});

test("of two who refresh with the same token at once one gets tokens, and none of them keeps the sign-in", async () => {
  const { refreshToken } = await addMember(server);
  const both = await Promise.all([1, 2].map(() => post("/v2/sign-ins/refresh", { refreshToken })));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  const winner = both.find(({ status }) => status === 200);
  expect((await get("/v2/tenant", winner?.json.accessToken)).status).toBe(401);
});

test("a refresh token with a strange secret, of another tenant or that is none ends nothing", async () => {
  const { refreshToken, accessToken } = await addMember(server);
  const [head, family] = [refreshToken.slice(0, 35), refreshToken.slice(35, 57)];
  const strange = `${head}${"A".repeat(22)}${refreshToken.slice(57)}`;
  expect(family).not.toBe("A".repeat(22));
  for (const text of [
    strange,
    "",
    "tr_",
    `${refreshToken}A`,
    refreshToken.slice(0, -1),
    accessToken.slice(0, 200),
  ]) {
    const answer = await post("/v2/sign-ins/refresh", { refreshToken: text });
    expect([401, 422]).toContain(answer.status);
  }
  const elsewhere = await ask(server.gatewayPort, "/v2/sign-ins/refresh", {
    method: "POST",
    host: "globex-inc.localhost",
    body: { refreshToken },
  });
  expect(elsewhere.json.code).toBe("TOKEN_INVALID");
  expect((await get("/v2/tenant", accessToken)).status).toBe(200);
  expect((await post("/v2/sign-ins/refresh", { refreshToken })).status).toBe(200);
});

test("suspending, removing and giving another role hold for the next request of a token that was given out before", async () => {
  const owner = await server.token("acme-corp");
  const member = await addMember(server);
  const write = () => post("/v2/documents/notes", { body: {} }, member.accessToken);
  expect((await write()).status).toBe(201);
  const patch = (body: unknown) =>
    ask(server.gatewayPort, `/v2/members/${member.id}`, {
      method: "PATCH",
      token: owner,
      body,
      headers: { "content-type": "application/merge-patch+json", "if-match": "*" },
    });
  expect((await patch({ role: "viewer" })).status).toBe(200);
  expect((await write()).json.code).toBe("PERMISSION_MISSING");
  expect((await patch({ status: "suspended" })).status).toBe(200);
  expect((await write()).json.code).toBe("TOKEN_INVALID");
  expect((await post("/v2/sign-ins/refresh", { refreshToken: member.refreshToken })).status).toBe(401);
  expect((await patch({ status: "active", role: "member" })).status).toBe(200);
  const again = await signInAs(server, member.email);
  expect((await post("/v2/documents/notes", { body: {} }, again.accessToken)).status).toBe(201);
  expect((await remove(`/v2/members/${member.id}`, owner)).status).toBe(204);
  expect((await post("/v2/documents/notes", { body: {} }, again.accessToken)).json.code).toBe(
    "TOKEN_INVALID",
  );
});

test("one's own sign-ins are one's own: others see none of them, and end them only with members:write", async () => {
  const ada = await addMember(server);
  const bob = await addMember(server);
  const listed = await get("/v2/sign-ins", bob.accessToken);
  expect(listed.json.items.map((one: { id: string }) => one.id)).toEqual([bob.signIn]);
  expect((await remove(`/v2/sign-ins/${ada.signIn}`, bob.accessToken)).json.code).toBe("SIGN_IN_NOT_FOUND");
  expect((await get("/v2/sign-ins", await server.token("acme-corp"))).json.items).toEqual([]);
  const admin = await addMember(server, { role: "admin" });
  expect((await remove(`/v2/sign-ins/${ada.signIn}`, admin.accessToken)).status).toBe(204);
  expect((await get("/v2/tenant", ada.accessToken)).status).toBe(401);
  const owner = await addMember(server, { role: "owner" });
  expect((await remove(`/v2/sign-ins/${owner.signIn}`, admin.accessToken)).json.code).toBe("OWNER_REQUIRED");
});

test("a password hash of less work is replaced when its member signs in", async () => {
  const { email, id } = await addMember(server);
  const hashOf = async () =>
    (
      await server.database.store.read(await acme(), (db) =>
        db
          .selectFrom("members")
          .select(["password_hash"])
          .where("tenant_id", "=", "acme-corp")
          .where("id", "=", id),
      )
    )[0]?.password_hash ?? "";
  expect(await hashOf()).toMatch(/^\$scrypt\$ln=7,r=8,p=1\$/);
  await using stronger = await server.startAnother({ passwordCostLog2: 10 });
  const port = Number(new URL(stronger.gatewayUrl).port);
  const signIn = () => ask(port, "/v2/sign-ins", { method: "POST", body: { email, password: goodPassword } });
  expect((await signIn()).status).toBe(201);
  expect(await hashOf()).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$/);
  expect((await signIn()).status).toBe(201);
  // The other process, of which less is asked, still takes it.
  await signInAs(server, email);
  expect(await hashOf()).toMatch(/^\$scrypt\$ln=10,/);
});

test("another process notices within five seconds that a sign-in has ended", async () => {
  const member = await addMember(server);
  await using other = await server.startAnother({});
  const port = Number(new URL(other.gatewayUrl).port);
  const read = () => ask(port, "/v2/tenant", { token: member.accessToken });
  expect((await read()).status).toBe(200);
  const startMs = performance.now();
  expect((await remove(`/v2/sign-ins/${member.signIn}`, member.accessToken)).status).toBe(204);
  while ((await read()).status === 200) {
    expect(performance.now() - startMs).toBeLessThan(6_000);
    await systemClock.sleep(100);
  }
  expect(performance.now() - startMs).toBeLessThan(5_500);
});

test("sign-ins of strangers leave a tenant's own rate alone", async () => {
  await using limited = await startTestRuntime({}, { limits: { requestsPerMinute: 60, burst: 5 } });
  const token = await limited.token("acme-corp");
  const tries = [];
  for (let count = 0; count < 12; count += 1) {
    tries.push(
      await ask(limited.gatewayPort, "/v2/sign-ins", {
        method: "POST",
        body: { email: `nobody-${count}@example.com`, password: "something else entirely" },
      }),
    );
  }
  expect(tries.some(({ json }) => json.code === "RATE_LIMITED")).toBe(true);
  expect((await ask(limited.gatewayPort, "/v2/tenant", { token })).status).toBe(200);
});
