import { systemClock } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import pg from "pg";
import { expect, inject, test } from "vitest";
import { ask } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { addMember, goodPassword } from "./people.ts";

/** Every value of every text-like column of every table of a database, as one text. */
async function dumpOf(database: string): Promise<string> {
  const { host, port, user, password } = inject("databaseServer");
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'`,
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ line: string }>(`select t::text as line from ${name} t`);
      parts.push(...rows.map(({ line }) => `${name} ${line}`));
    }
    return parts.join("\n");
  } finally {
    await client.end();
  }
}

/** The shared database of the platform is named after it. */
function databaseOf(server: TestRuntime): string {
  return server.config.platform.name.replaceAll("-", "_");
}

/** What a secret must not be found as: itself, and what somebody could write for it. */
const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("hex"),
  encodeURIComponent(secret),
];

/** Uses everything that gives out or takes a secret, in good and in bad ways. */
async function liveOn(server: TestRuntime): Promise<{ secrets: Map<string, string>; later: string[] }> {
  const port = server.gatewayPort;
  const secrets = new Map<string, string>();
  const later: string[] = [];
  const call = async (path: string, options: Parameters<typeof ask>[2]) => {
    const answer = await ask(port, path, options);
    later.push(JSON.stringify(answer.headers), answer.body);
    return answer;
  };
  for (const tenant of ["acme-corp", "initech-llc"]) {
    const host = `${tenant}.localhost`;
    const owner = await server.token(tenant);
    secrets.set(`${tenant} owner's token`, owner);
    const role = { method: "POST", host, token: owner };
    const invited = await ask(port, "/v2/invitations", {
      ...role,
      body: { email: "new@example.com", role: "member" },
    });
    secrets.set(`${tenant} invitation`, invited.json.token);
    const made = await ask(port, "/v2/api-keys", {
      ...role,
      body: { name: "robot", permissions: ["tenant:read"] },
    });
    secrets.set(`${tenant} API key`, made.json.key);
    const member = await addMember(server, { tenant, role: "admin" });
    secrets.set(`${tenant} access token`, member.accessToken);
    secrets.set(`${tenant} refresh token`, member.refreshToken);
    secrets.set(`${tenant} password`, goodPassword);
    const body = { refreshToken: member.refreshToken };
    const next = await ask(port, "/v2/sign-ins/refresh", { method: "POST", host, body });
    secrets.set(`${tenant} next refresh token`, next.json.refreshToken);
    secrets.set(`${tenant} next access token`, next.json.accessToken);
    // What is answered from here on must hold none of them.
    const wrong = `${goodPassword} not`;
    secrets.set(`${tenant} wrong password`, wrong);
    await call("/v2/sign-ins", { method: "POST", host, body: { email: member.email, password: wrong } });
    await call("/v1/sign-ins", {
      method: "POST",
      host,
      body: { email: member.email, password: wrong, x: 1 },
    });
    await call("/v2/invitations/accept", {
      method: "POST",
      host,
      body: { token: invited.json.token, name: "", password: wrong },
    });
    await call("/v2/invitations/accept", {
      method: "POST",
      host,
      body: { token: invited.json.token, name: "A", password: "short" },
    });
    await call("/v2/tenant", { host: "globex-inc.localhost", token: made.json.key });
    await call("/v2/tenant", { host, token: made.json.key });
    await call("/v2/members", { host, token: made.json.key });
    for (const path of ["members", "invitations", "api-keys", "sign-ins", "audit-events", "roles"]) {
      for (const version of ["v1", "v2"])
        await call(`/${version}/${path}`, { host, token: next.json.accessToken });
    }
    await call("/v2/sign-ins/refresh", { method: "POST", host, body });
    await call("/v2/tenant", { host, token: member.accessToken });
    await call(`/v2/documents/notes?cursor=${encodeURIComponent(made.json.key)}`, { host, token: owner });
  }
  return { secrets, later };
}

test("no secret that was given out stands in a later answer, the log, the audit trail or any column of the database", async () => {
  await using server = await startTestRuntime();
  const { secrets, later } = await liveOn(server);
  // What is written beside the requests has a moment to arrive.
  await systemClock.sleep(200);
  const dump = await dumpOf(databaseOf(server));
  const places = new Map([
    ["an answer", later.join("\n")],
    ["the log", JSON.stringify(server.log)],
    ["the database", dump],
  ]);
  const tenant = await server.database.registry.find("initech-llc" as TenantId);
  expect(tenant?.isolation).toBe("bridge");
  // The search finds what is there: the hash of a password and a mail address, in the pool and in a schema of its own.
  expect(dump).toMatch(/scrypt\$ln=/);
  expect(dump).toContain("new@example.com");
  expect(dump.match(/[^\s]*\.api_keys /g)?.length).toBeGreaterThanOrEqual(2);
  expect(places.get("an answer")).toContain("SIGN_IN_FAILED");
  expect(places.get("the log")).toContain("/v2/sign-ins");
  const found: string[] = [];
  for (const [name, secret] of secrets) {
    expect(secret, name).toBeTruthy();
    for (const [place, text] of places) {
      if (formsOf(secret).some((form) => text.includes(form))) found.push(`${name} stands in ${place}`);
    }
  }
  expect(found).toEqual([]);
});

test("the same search finds a secret that was put there", async () => {
  await using server = await startTestRuntime();
  const tenant = await server.database.registry.find("acme-corp" as TenantId);
  if (tenant === undefined) throw new Error("no tenant");
  await server.database.store.transact(tenant, (db) =>
    db.insertInto("documents").values({
      tenant_id: "acme-corp",
      collection: "notes",
      id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
      body: JSON.stringify({ password: goodPassword }),
    }),
  );
  expect(formsOf(goodPassword).some((form) => form.length > 0)).toBe(true);
  expect(await dumpOf(databaseOf(server))).toContain(goodPassword);
});
