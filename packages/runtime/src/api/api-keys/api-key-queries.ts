import { assert } from "@tenantry/base";
import { sql } from "kysely";
import { ProblemError } from "../../http/problems.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { NewApiKey } from "../../identity/api-key.ts";
import type { Execute, ReadQueries, StoreOptions, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import { keepAuditEvent } from "../audit-events/audit-event.ts";
import type { Change } from "../change.ts";
import { keyedRows } from "../keyed-rows.ts";
import { apiKeysMax, type StoredApiKey } from "./api-key-schema.ts";

/** All but the hash of the secret, which is nobody's to read. */
const columns = [
  "id",
  "name",
  "prefix",
  "permissions",
  "created_by",
  "created_at",
  "expires_at",
  "revoked_at",
  "last_used_at",
] as const;

const apiKeysOf = (db: ReadQueries, tenant: Tenant) =>
  db.selectFrom("api_keys").select(columns).where("tenant_id", "=", tenant.id);

export const storedApiKeys = keyedRows("id", apiKeysOf);

/** @throws ProblemError TOO_MANY_API_KEYS */
export async function createApiKey(
  context: ApiContext,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  request: {
    readonly name: string;
    readonly permissions: readonly string[];
    readonly expiresAt: Date;
    readonly key: NewApiKey;
  },
  change: Change,
): Promise<StoredApiKey> {
  const { name, permissions, expiresAt, key } = request;
  await requireRoom(db, execute, tenant);
  const id = uuidV7(context.clock.nowMs(), context.random);
  const [row] = await execute(
    db
      .insertInto("api_keys")
      .values({
        tenant_id: tenant.id,
        id,
        name,
        prefix: key.prefix,
        secret_hash: key.secretHash,
        permissions,
        created_by: change.principal.subject,
        expires_at: expiresAt,
      })
      .returning(columns),
  );
  assert(row !== undefined, "an insert returned no row");
  const details = { name, prefix: key.prefix, permissions, expiresAt: expiresAt.toISOString() };
  const event = change.eventOf({ action: "api-key.created", target: id, details });
  await execute(keepAuditEvent(db, tenant, event, context));
  return row;
}

/** Revokes a key for good; again it changes nothing. @throws ProblemError API_KEY_NOT_FOUND */
export function revokeApiKey(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  change: Change,
  options: StoreOptions,
): Promise<void> {
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const [key] = await execute(apiKeysOf(db, tenant).where("id", "=", id).forUpdate());
      if (key === undefined) throw new ProblemError("API_KEY_NOT_FOUND");
      if (key.revoked_at !== null) return;
      await execute(
        db
          .updateTable("api_keys")
          .set({ revoked_at: sql<Date>`now()` })
          .where("tenant_id", "=", tenant.id)
          .where("id", "=", id),
      );
      const details = { name: key.name, prefix: key.prefix };
      const event = change.eventOf({ action: "api-key.revoked", target: id, details });
      await execute(keepAuditEvent(db, tenant, event, context));
    },
    options,
  );
}

/**
 * Requests that create keys take turns at the oldest key that is not revoked, and count only once
 * it is theirs, so that no two of them find the same last room. Only while a tenant has no key at
 * all is there nothing to take turns at, and a hundred rooms.
 *
 * @throws ProblemError TOO_MANY_API_KEYS
 */
async function requireRoom(db: WriteQueries, execute: Execute, tenant: Tenant): Promise<void> {
  const valid = db.selectFrom("api_keys").where("tenant_id", "=", tenant.id).where("revoked_at", "is", null);
  await execute(valid.select("id").orderBy("id").limit(1).forUpdate());
  const [counted] = await execute(valid.select(sql<number>`count(*)::integer`.as("count")));
  if ((counted?.count ?? 0) < apiKeysMax) return;
  throw new ProblemError("TOO_MANY_API_KEYS", {
    detail: `the tenant has ${apiKeysMax} API keys that are not revoked; revoke one that is not needed`,
  });
}
