import { uuidV7 } from "../../src/http/uuid-v7.ts";
import { systemClock, systemRandom } from "@tenantry/base";
import type { TenantRole } from "../../src/identity/roles.ts";
import { expect } from "vitest";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { type Answer, ask, type Ask, faultOfProblem } from "../http/exchange.ts";
import type { TestRuntime } from "../http/test-runtime.ts";

export const mergePatchType = { "content-type": "application/merge-patch+json" };

/** Asks one tenant's host with one credential. */
export interface TenantClient {
  (path: string, options?: Ask): Promise<Answer>;
}

export async function tenantClient(
  server: TestRuntime,
  tenant: string,
  role: TenantRole = "owner",
): Promise<TenantClient> {
  return clientWith(server, tenant, await server.token(tenant, role));
}

export function clientWith(server: TestRuntime, tenant: string, token: string): TenantClient {
  return (path, options = {}) =>
    ask(server.gatewayPort, path, { host: `${tenant}.localhost`, token, ...options });
}

export function expectProblem(answer: Answer, code: string): void {
  expect(faultOfProblem(answer)).toBeNull();
  expect(answer.json.code).toBe(code);
}

export async function tenantNamed(server: TestRuntime, id: string): Promise<Tenant> {
  const tenant = await server.database.registry.find(id);
  if (tenant === undefined) throw new Error(`no tenant ${id}`);
  return tenant;
}

export interface Person {
  readonly role: string;
  readonly email?: string;
  readonly status?: "active" | "suspended";
}

/** A member as an accepted invitation leaves one; returns the id. */
export async function addMember(server: TestRuntime, tenant: string, person: Person): Promise<string> {
  const id = uuidV7(systemClock.nowMs(), systemRandom);
  const { role, email = `${id}@example.com`, status = "active" } = person;
  const row = {
    tenant_id: tenant,
    id,
    email,
    name: "Someone",
    role,
    status,
    password_hash: "hash-of-nobody",
  };
  await server.database.store.transact(await tenantNamed(server, tenant), (db) =>
    db.insertInto("members").values(row),
  );
  return id;
}

export async function addSignIn(server: TestRuntime, tenant: string, member: string): Promise<string> {
  const id = uuidV7(systemClock.nowMs(), systemRandom);
  const expires_at = new Date(systemClock.nowMs() + 3_600_000);
  const row = { tenant_id: tenant, id, member_id: member, refresh_hash: id, user_agent: "", expires_at };
  await server.database.store.transact(await tenantNamed(server, tenant), (db) =>
    db.insertInto("sign_ins").values(row),
  );
  return id;
}

/** The newest events of the trail first: action and details. */
export async function trailOf(client: TenantClient, target: string): Promise<Answer["json"][]> {
  const answer = await client(`/v2/audit-events?target=${target}`);
  expect(answer.status).toBe(200);
  return answer.json.items;
}
