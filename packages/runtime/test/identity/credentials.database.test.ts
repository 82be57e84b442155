import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ManualClock, systemClock, systemRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { newApiKey } from "../../src/identity/api-key.ts";
import { issueToken } from "../../src/identity/issue-token.ts";
import { KeyRing, ringOfOne, rotate, rotateAtOnce } from "../../src/identity/key-ring.ts";
import { generateSigningKey } from "../../src/identity/signing-key.ts";
import { ask, faultOfProblem } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { addMember } from "./people.ts";

let server: TestRuntime;
let owner: string;
beforeAll(async () => {
  server = await startTestRuntime();
  owner = await server.token("acme-corp");
});
afterAll(() => server[Symbol.asyncDispose]());

const ports = { clock: systemClock, random: systemRandom };
const read = (path: string, token: string, host = "acme-corp.localhost") =>
  ask(server.gatewayPort, path, { token, host });

async function createKey(change: object = {}) {
  const answer = await ask(server.gatewayPort, "/v2/api-keys", {
    method: "POST",
    token: owner,
    body: { name: "robot", permissions: ["documents:read", "tenant:read"], ...change },
  });
  expect(answer.status, answer.body).toBe(201);
  return answer.json as { id: string; key: string };
}

async function keyRow(id: string) {
  const tenant = await server.database.registry.find("acme-corp" as TenantId);
  if (tenant === undefined) throw new Error("no tenant");
  const [row] = await server.database.store.read(tenant, (db) =>
    db.selectFrom("api_keys").selectAll().where("tenant_id", "=", "acme-corp").where("id", "=", id),
  );
  return row;
}

describe("an API key", () => {
  test("may do what it was made for, at its own tenant, and nothing else", async () => {
    const { key } = await createKey();
    expect((await read("/v2/documents/notes", key)).status).toBe(200);
    expect((await read("/v1/tenant", key)).status).toBe(200);
    expect((await read("/v2/members", key)).json.code).toBe("PERMISSION_MISSING");
    const write = { method: "POST", token: key, body: { body: {} } };
    expect((await ask(server.gatewayPort, "/v2/documents/notes", write)).json.code).toBe(
      "PERMISSION_MISSING",
    );
  });

  test("that is another tenant's, unknown, revoked, expired or mistyped has one and the same answer", async () => {
    const good = await createKey();
    const revoked = await createKey();
    const expired = await createKey();
    expect((await read("/v2/tenant", revoked.key)).status).toBe(200);
    const path = `/v2/api-keys/${revoked.id}`;
    expect((await ask(server.gatewayPort, path, { method: "DELETE", token: owner })).status).toBe(204);
    await setExpiry(expired.id, new Date(Date.now() - 1));
    const sameprefix = `${good.key.slice(0, 14)}${newApiKey(systemRandom).secret.slice(14)}`;
    const answers = [
      await read("/v2/tenant", good.key, "globex-inc.localhost"),
      await read("/v2/tenant", newApiKey(systemRandom).secret),
      await read("/v2/tenant", revoked.key),
      await read("/v2/tenant", expired.key),
      await read("/v2/tenant", `${good.key.slice(0, -1)}${good.key.endsWith("0") ? "1" : "0"}`),
      await read("/v2/tenant", sameprefix),
      await read("/v2/tenant", "tk_"),
    ];
    const shapes = answers.map(({ status, headers, json }) => {
      expect(status).toBe(401);
      const { requestId: _, ...problem } = json;
      return JSON.stringify([headers["www-authenticate"], problem]);
    });
    expect(new Set(shapes).size).toBe(1);
    for (const answer of answers) expect(faultOfProblem(answer)).toBeNull();
    expect((await read("/v2/tenant", good.key)).status).toBe(200);
  });

  test("ends by itself when its time is up, also while it is remembered", async () => {
    const clock = new ManualClock(Date.now());
    await using other = await server.startAnother(
      {},
      { clock: { ...systemClock, nowMs: () => clock.nowMs() } },
    );
    const { id, key } = await createKey();
    await setExpiry(id, new Date(clock.nowMs() + 60_000));
    const ask1 = () => ask(portOf(other.gatewayUrl), "/v2/tenant", { token: key });
    expect((await ask1()).status).toBe(200);
    clock.advance(60_000);
    expect((await ask1()).status).toBe(401);
  });

  test("says when it was used last, once a minute, and no request waits for that", async () => {
    const { id, key } = await createKey();
    expect((await keyRow(id))?.last_used_at).toBeNull();
    await Promise.all(Array.from({ length: 20 }, () => read("/v2/tenant", key)));
    await vi.waitFor(async () => expect((await keyRow(id))?.last_used_at).not.toBeNull());
    const first = (await keyRow(id))?.last_used_at;
    await Promise.all(Array.from({ length: 20 }, () => read("/v2/tenant", key)));
    // Another process knows nothing of this one's minute; the database does.
    await using other = await server.startAnother({});
    expect((await ask(portOf(other.gatewayUrl), "/v2/tenant", { token: key })).status).toBe(200);
    await other.drain();
    expect((await keyRow(id))?.last_used_at).toEqual(first);
  });

  async function setExpiry(id: string, expiresAt: Date): Promise<void> {
    const tenant = await server.database.registry.find("acme-corp" as TenantId);
    if (tenant === undefined) throw new Error("no tenant");
    await server.database.store.transact(tenant, (db) =>
      db
        .updateTable("api_keys")
        .set({ expires_at: expiresAt })
        .where("tenant_id", "=", "acme-corp")
        .where("id", "=", id),
    );
  }
});

describe("a token of a sign-in", () => {
  test("that names another member, another tenant's sign-in or one that is not there is refused", async () => {
    const ada = await addMember(server);
    const bob = await addMember(server);
    const foreign = await addMember(server, { tenant: "globex-inc" });
    const tokenOf = (signIn: { id: string; member: string }) =>
      issueToken(
        server.key,
        {
          kind: "tenant",
          issuer: server.config.issuer.url,
          platform: server.config.platform.name,
          tenant: "acme-corp" as TenantId,
          subject: ada.email,
          role: "owner",
          signIn,
        },
        ports,
      );
    // The role in a token counts for nothing: the member's own does.
    const own = await tokenOf({ id: ada.signIn, member: ada.id });
    expect((await read("/v2/tenant", own)).status).toBe(200);
    expect((await read("/v2/usage", own)).json.code).toBe("PERMISSION_MISSING");
    for (const signIn of [
      { id: ada.signIn, member: bob.id },
      { id: foreign.signIn, member: foreign.id },
      { id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37", member: ada.id },
    ]) {
      expect((await read("/v2/tenant", await tokenOf(signIn))).json.code).toBe("TOKEN_INVALID");
    }
  });
});

describe("the key ring of a running runtime", () => {
  test("is replaced without a restart: what was issued before goes on, until the key is gone", async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => generateSigningKey()));
    if (first === undefined || second === undefined || third === undefined) throw new Error("no keys");
    const clock = new ManualClock(Date.now());
    const runtimeClock = { ...systemClock, nowMs: () => clock.nowMs() };
    let entries = ringOfOne(first);
    const issuer = { url: "https://issuer.example.com", keyRing: entries };
    await using runtime = await server.startAnother({ issuer }, { clock: runtimeClock });
    const port = portOf(runtime.gatewayUrl);
    const kids = async () =>
      (await ask(port, "/.well-known/jwks.json")).json.keys.map(({ kid }: { kid: string }) => kid);
    const issue = async (ring: typeof entries) =>
      issueToken(
        (await KeyRing.open(ring, clock)).signingKey,
        {
          kind: "tenant",
          issuer: issuer.url,
          platform: server.config.platform.name,
          tenant: "acme-corp" as TenantId,
          subject: "ada",
          role: "owner",
          lifetimeSeconds: 86_400,
        },
        { ...ports, clock },
      );
    const status = async (token: string) => (await ask(port, "/v2/tenant", { token })).status;
    const old = await issue(entries);
    expect(await status(old)).toBe(200);
    entries = rotate(entries, second, clock.nowMs());
    await runtime.replaceKeyRing(entries);
    expect(await kids()).toEqual([first.kid, second.kid]);
    clock.advance(600_000);
    const next = await issue(entries);
    expect([await status(old), await status(next)]).toEqual([200, 200]);
    await expect(runtime.replaceKeyRing([])).rejects.toMatchObject({ code: "RUNTIME_KEY_RING_INVALID" });
    expect(await status(next)).toBe(200);
    await runtime.replaceKeyRing(rotateAtOnce(third, clock.nowMs()));
    // Also the tokens that were remembered as valid.
    expect([await status(old), await status(next)]).toEqual([401, 401]);
    expect(await kids()).toEqual([third.kid]);
  });
});

describe("a token of another issuer", () => {
  test("opens the tenant that it names, with the role that is mapped; while its issuer is away it has to wait, and nobody else does", async () => {
    const pair = await generateKeyPair("RS256", { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", use: "sig" };
    let isAway = true;
    const provider = createServer((_request, response) => {
      if (isAway) response.writeHead(500).end();
      else response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
    try {
      const origin = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
      const clock = new ManualClock(Date.now());
      const runtimeClock = {
        ...systemClock,
        monotonicMs: () => systemClock.monotonicMs() + clock.monotonicMs(),
      };
      await using runtime = await server.startAnother(
        {
          externalIssuers: [
            {
              issuer: "https://login.example.com",
              audience: "tenantry",
              jwksUri: `${origin}/keys`,
              tenantClaim: "tenant",
              role: { kind: "claim", claim: "groups", mapping: [{ value: "staff", role: "viewer" }] },
              subjectClaim: "email",
            },
          ],
        },
        { clock: runtimeClock },
      );
      const port = portOf(runtime.gatewayUrl);
      const token = (tenant: string) =>
        new SignJWT({ tenant, groups: ["staff"], email: "eve@example.com" })
          .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "k1" })
          .setIssuer("https://login.example.com")
          .setAudience("tenantry")
          .setSubject("u1")
          .setIssuedAt()
          .setExpirationTime("10m")
          .sign(pair.privateKey);
      const mine = await token("acme-corp");
      const waiting = await ask(port, "/v2/tenant", { token: mine });
      expect(waiting.json.code).toBe("ISSUER_UNAVAILABLE");
      expect(waiting.status).toBe(503);
      expect(faultOfProblem(waiting)).toBeNull();
      expect((await ask(port, "/v2/tenant", { token: owner })).status).toBe(200);
      isAway = false;
      clock.advance(6_000);
      expect((await ask(port, "/v2/tenant", { token: mine })).status).toBe(200);
      const write = { method: "POST", token: mine, body: { body: {} } };
      expect((await ask(port, "/v2/documents/notes", write)).json.code).toBe("PERMISSION_MISSING");
      const foreign = await ask(port, "/v2/tenant", { token: await token("globex-inc") });
      expect(foreign.json.code).toBe("TOKEN_FOR_ANOTHER_TENANT");
      // Where the issuer is not configured, its tokens are no tokens; nor are they operators' anywhere.
      expect((await read("/v2/tenant", mine)).json.code).toBe("TOKEN_INVALID");
      const control = await ask(portOf(runtime.controlUrl), "/control/v1/tenants", { token: mine });
      expect(control.json.code).toBe("TOKEN_INVALID");
    } finally {
      provider.closeAllConnections();
      provider.close();
    }
  });
});
