import { writeFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { generateSigningKey, importSigningKey, issueToken, rotateAtOnce } from "@tenantry/runtime";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { ask, type ServerProcess, startServerProcess } from "./run-server.ts";
import { issuer, type ServerEnvironment, serverEnvironment } from "./server-environment.ts";

let place: ServerEnvironment;
beforeAll(async () => {
  place = await serverEnvironment(inject("databaseServer"));
});
afterAll(() => place[Symbol.asyncDispose]());

async function tokenFor(tenant: string, jwk = place.signingKey): Promise<string> {
  const key = await importSigningKey(jwk);
  const request = { kind: "tenant", issuer, platform: place.name, subject: "ada@example.com" } as const;
  const ports = { clock: systemClock, random: systemRandom };
  return issueToken(key, { ...request, tenant: tenant as TenantId, role: "owner" }, ports);
}

async function addresses(server: ServerProcess): Promise<{ gatewayUrl: string; controlUrl: string }> {
  return (await server.says("ready")) as unknown as { gatewayUrl: string; controlUrl: string };
}

/** How many roles of a platform the database server has. */
async function rolesOf(platform: string): Promise<number> {
  const { host, port, user, password } = inject("databaseServer");
  const client = new Client({ host, port, user, password, database: "postgres" });
  await client.connect();
  try {
    const pattern = `%${platform.replace("srv-", "")}%`;
    const { rows } = await client.query("select from pg_roles where rolname like $1", [pattern]);
    return rows.length;
  } finally {
    await client.end();
  }
}

describe("the server", () => {
  test("makes the declared tenants, answers each at its host, and ends with 0 after SIGTERM", async () => {
    await using server = startServerProcess(place.env);
    const { gatewayUrl, controlUrl } = await addresses(server);
    for (const url of [gatewayUrl, controlUrl]) {
      for (const path of ["/health/live", "/health/ready"])
        expect(await ask(url, path)).toMatchObject({ status: 200 });
    }
    for (const tenant of ["acme-corp", "globex-inc"]) {
      const answer = await ask(gatewayUrl, "/v2/tenant", {
        host: `${tenant}.example.com`,
        token: await tokenFor(tenant),
      });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({ id: tenant });
    }
    const stranger = await tokenFor("globex-inc");
    const refused = await ask(gatewayUrl, "/v2/tenant", { host: "acme-corp.example.com", token: stranger });
    expect([401, 403]).toContain(refused.status);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.lines.at(-1)).toMatchObject({ kind: "stopped", level: "info" });
    expect(server.stderr()).toBe("");
    expect(await rolesOf(place.name)).toBeGreaterThan(0);
    const log = JSON.stringify(server.lines);
    for (const name of ["ROLE_PASSWORD_SECRET", "SEAL_SECRET", "DATABASE_ADMIN_PASSWORD"])
      expect(log).not.toContain(place.env[name]);
  });

  test("loses no request that it has accepted when SIGTERM comes under load", async () => {
    await using server = startServerProcess(place.env);
    const { gatewayUrl } = await addresses(server);
    const token = await tokenFor("acme-corp");
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    const statuses: number[] = [];
    const broken: string[] = [];
    let refused = 0;
    const worker = async () => {
      for (;;) {
        try {
          const options = { host: "acme-corp.example.com", token, agent };
          const answer = await ask(gatewayUrl, "/v2/documents/notes", options);
          statuses.push(answer.status);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          // A kept connection that has ended before the request was sent is as good as one that was refused.
          if (code === "ECONNREFUSED" || code === "ECONNRESET" || code === "EPIPE") refused += 1;
          else broken.push(String(error));
          return;
        }
      }
    };
    const workers = Array.from({ length: 16 }, worker);
    await vi.waitFor(() => expect(statuses.length).toBeGreaterThan(100), { timeout: 20_000 });
    server.child.kill("SIGTERM");
    await Promise.all(workers);
    expect(await server.ended).toBe(0);
    agent.destroy();
    expect(refused).toBe(16);
    expect(broken).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const answered = server.lines.filter(
      ({ kind, route }) => kind === "access" && route === "/v2/documents/:collection",
    );
    // What the server has worked on, somebody has got.
    expect(answered).toHaveLength(statuses.length);
  });

  test("takes other signing keys from the mounted file without a restart", async () => {
    await using server = startServerProcess(place.env);
    const { gatewayUrl } = await addresses(server);
    const other = await generateSigningKey();
    const token = await tokenFor("acme-corp", other);
    const look = () => ask(gatewayUrl, "/v2/tenant", { host: "acme-corp.example.com", token });
    expect((await look()).status).toBe(401);
    const file = join(place.folder, "keys.json");
    try {
      await writeFile(file, JSON.stringify(rotateAtOnce(other, systemClock.nowMs())));
      await vi.waitFor(async () => expect((await look()).status).toBe(200), { timeout: 15_000 });
    } finally {
      await writeFile(file, JSON.stringify({ keys: [place.signingKey] }));
    }
    server.child.kill("SIGINT");
    expect(await server.ended).toBe(0);
  });

  test("starts twice at once on databases that are not there yet", async () => {
    await using fresh = await serverEnvironment(inject("databaseServer"));
    await using one = startServerProcess(fresh.env);
    await using two = startServerProcess(fresh.env);
    for (const server of [one, two]) {
      const { gatewayUrl } = await addresses(server);
      expect((await ask(gatewayUrl, "/health/ready")).status).toBe(200);
    }
    for (const server of [one, two]) server.child.kill("SIGTERM");
    expect(await Promise.all([one.ended, two.ended])).toEqual([0, 0]);
  });

  test("ends with 0 when SIGTERM comes while it starts", async () => {
    await using server = startServerProcess(place.env);
    await server.says("starting");
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.lines.map(({ kind }) => kind)).not.toContain("ready");
  });

  test("ends with 1 and a line that says why when the database does not answer", async () => {
    await using server = startServerProcess({ ...place.env, DATABASE_PORT: "1" });
    expect(await server.ended).toBe(1);
    expect(server.lines.at(-1)).toMatchObject({
      kind: "failed",
      level: "error",
      code: "RUNTIME_DATABASE_UNAVAILABLE",
    });
  });

  test("ends with 1 and a line with the stack after an error that nobody handles", async () => {
    const planted = join(place.folder, "planted.mjs");
    await writeFile(planted, 'setTimeout(() => { throw new Error("planted bug"); }, 300);\n');
    await using server = startServerProcess({ ...place.env, NODE_OPTIONS: `--import ${planted}` });
    expect(await server.ended).toBe(1);
    const line = server.lines.find(({ kind }) => kind === "unhandled");
    expect(line).toMatchObject({
      level: "error",
      msg: "planted bug",
      stack: expect.stringContaining("planted.mjs"),
    });
  });
});

describe("server --check", () => {
  test("looks at the configuration and the database, and changes nothing", async () => {
    await using untouched = await serverEnvironment(inject("databaseServer"));
    await using server = startServerProcess(untouched.env, ["--check"]);
    expect(await server.ended).toBe(0);
    expect(server.lines).toHaveLength(1);
    expect(server.lines[0]).toMatchObject({ kind: "checked", platform: untouched.name });
    expect(await rolesOf(untouched.name)).toBe(0);
  });

  test("ends with 1 when the database refuses the user", async () => {
    await using server = startServerProcess({ ...place.env, DATABASE_ADMIN_PASSWORD: "wrong-pass-word" }, [
      "--check",
    ]);
    expect(await server.ended).toBe(1);
    expect(server.lines.at(-1)).toMatchObject({ code: "RUNTIME_DATABASE_CREDENTIALS" });
    expect(JSON.stringify(server.lines)).not.toContain("wrong-pass-word");
  });

  test("tells every mistake of the configuration at once, and ends with 2", async () => {
    const env = {
      ...place.env,
      ISSUER_URL: "ftp://auth.example.com",
      GATEWAY_PORT: "eighty",
      SEAL_SECRET: "much-too-short",
      DATABASE_HOST: "",
      LOG_LEVEL: "loud",
    };
    await using server = startServerProcess(env, ["--check"]);
    expect(await server.ended).toBe(2);
    const told = server.lines.map(({ code, msg }) => `${String(code)}: ${String(msg)}`);
    expect(told).toEqual([
      'SERVER_VARIABLE_INVALID: LOG_LEVEL holds "loud"',
      "SERVER_VARIABLE_MISSING: DATABASE_HOST is not set",
      "SERVER_VARIABLE_INVALID: SEAL_SECRET holds only 14 characters",
      'SERVER_VARIABLE_INVALID: ISSUER_URL holds "ftp://auth.example.com"',
      'SERVER_VARIABLE_INVALID: GATEWAY_PORT holds "eighty"',
    ]);
    for (const line of server.lines) expect(line["fix"]).toMatch(/^set /);
    expect(JSON.stringify(server.lines)).not.toContain("much-too-short");
  });

  test("refuses an argument that there is not", async () => {
    await using server = startServerProcess(place.env, ["--chek"]);
    expect(await server.ended).toBe(2);
    expect(server.lines.at(-1)).toMatchObject({ code: "SERVER_ARGUMENT_UNKNOWN" });
  });
});
