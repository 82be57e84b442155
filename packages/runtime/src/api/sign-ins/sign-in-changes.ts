import { assert } from "@tenantry/base";
import { sql } from "kysely";
import { ProblemError } from "../../http/problems.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { SignedIn } from "../../identity/access-tokens.ts";
import { invalidToken } from "../../identity/bearer.ts";
import { signInOf } from "../../identity/grant-queries.ts";
import { normalizePassword } from "../../identity/password.ts";
import {
  judgeRefreshToken,
  newRefreshToken,
  parseRefreshToken,
  type PresentedRefreshToken,
} from "../../identity/refresh-token.ts";
import type { Execute, StoreOptions, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import { type AuditEvent, keepAuditEvent } from "../audit-events/audit-event.ts";
import { signInColumns, type StoredSignIn } from "./sign-in-schema.ts";

/** How long a sign-in holds without being refreshed. */
const signInMs = 30 * 86_400_000;

/** Who wants to sign in, in which request. */
export interface SignInRequest {
  /** In lower case. */
  readonly email: string;
  readonly password: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** A sign-in with the tokens of whoever holds it. */
export interface MadeSignIn {
  readonly row: StoredSignIn;
  readonly refreshToken: string;
  readonly holder: SignedIn;
}

interface KnownMember {
  readonly id: string;
  readonly email: string;
  readonly role: string;
}

type Outcome =
  | { readonly kind: "known"; readonly member: KnownMember; readonly betterHash: string | null }
  /** The reason is for the tenant's audit trail; whoever asks learns none. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Signs a member in. An unknown address, a wrong password, a suspended member and one without a
 * password have the same answer after the same work: one hash, and one event in the audit trail.
 *
 * @throws ProblemError SIGN_IN_FAILED, SIGN_IN_BLOCKED, OVERLOADED
 */
export async function signIn(
  context: ApiContext,
  tenant: Tenant,
  request: SignInRequest,
  options: StoreOptions,
): Promise<MadeSignIn> {
  const { signInFailures } = context;
  const waitMs = signInFailures.begin(tenant, request.email);
  if (waitMs > 0) {
    throw new ProblemError("SIGN_IN_BLOCKED", {
      headers: { "retry-after": String(Math.ceil(waitMs / 1_000)) },
    });
  }
  const made = await verifyAndKeep(context, tenant, request, options).catch((error: unknown) => {
    // Who hangs up has tried: else a guess would cost nothing.
    if (options.signal?.aborted !== true) signInFailures.notMade(tenant, request.email);
    throw error;
  });
  if (made === null)
    throw new ProblemError("SIGN_IN_FAILED", { headers: { "www-authenticate": "Password" } });
  signInFailures.succeeded(tenant, request.email);
  return made;
}

async function verifyAndKeep(
  context: ApiContext,
  tenant: Tenant,
  request: SignInRequest,
  options: StoreOptions,
): Promise<MadeSignIn | null> {
  const outcome = await verifyPassword(context, tenant, request, options);
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const fail = async (reason: string) => {
        const details = { reason };
        await execute(
          keepAuditEvent(db, tenant, eventOf(request, "sign-in.failed", request.email, details), context),
        );
        return null;
      };
      if (outcome.kind === "refused") return fail(outcome.reason);
      const member = await lockActiveMember(db, execute, tenant, outcome.member.id);
      if (member === undefined) return fail("suspended");
      if (outcome.betterHash !== null)
        await keepBetterHash(db, execute, tenant, member.id, outcome.betterHash);
      const made = await insertSignIn(context, db, execute, tenant, member, request.userAgent);
      await execute(keepAuditEvent(db, tenant, eventOf(request, "sign-in.created", made.row.id), context));
      return made;
    },
    options,
  );
}

function verifyPassword(
  context: ApiContext,
  tenant: Tenant,
  { email, password }: SignInRequest,
  options: StoreOptions,
): Promise<Outcome> {
  return context.passwords.whenThereIsRoom(tenant, async ({ verify }) => {
    const [member] = await context.store.read(
      tenant,
      (db) =>
        db
          .selectFrom("members")
          .select(["id", "email", "role", "status", "password_hash"])
          .where("tenant_id", "=", tenant.id)
          .where("email", "=", email),
      options,
    );
    const { matches, betterHash } = await verify(normalizePassword(password), member?.password_hash ?? null);
    if (member === undefined) return { kind: "refused", reason: "unknown address" };
    if (member.password_hash === null) return { kind: "refused", reason: "no password" };
    if (!matches) return { kind: "refused", reason: "wrong password" };
    if (member.status !== "active") return { kind: "refused", reason: "suspended" };
    return { kind: "known", member, betterHash };
  });
}

/** The member as it is now, kept from being suspended or removed until the sign-in is there. */
async function lockActiveMember(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  id: string,
): Promise<KnownMember | undefined> {
  const [member] = await execute(
    db
      .selectFrom("members")
      .select(["id", "email", "role"])
      .where("tenant_id", "=", tenant.id)
      .where("id", "=", id)
      .where("status", "=", "active")
      .forUpdate(),
  );
  return member;
}

async function keepBetterHash(db: WriteQueries, execute: Execute, tenant: Tenant, id: string, hash: string) {
  await execute(
    db
      .updateTable("members")
      .set({ password_hash: hash })
      .where("tenant_id", "=", tenant.id)
      .where("id", "=", id),
  );
}

async function insertSignIn(
  { clock, random }: Pick<ApiContext, "clock" | "random">,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  member: KnownMember,
  userAgent: string,
): Promise<MadeSignIn> {
  const nowMs = clock.nowMs();
  const id = uuidV7(nowMs, random);
  const { text, hash } = newRefreshToken(id, random);
  // What can never be used again goes, so that a member's sign-ins do not pile up.
  await execute(
    db
      .deleteFrom("sign_ins")
      .where("tenant_id", "=", tenant.id)
      .where("member_id", "=", member.id)
      .where((eb) => eb.or([eb("expires_at", "<=", new Date(nowMs)), eb("revoked_at", "is not", null)])),
  );
  const [row] = await execute(
    db
      .insertInto("sign_ins")
      .values({
        tenant_id: tenant.id,
        id,
        member_id: member.id,
        refresh_hash: hash,
        user_agent: userAgent.slice(0, 200),
        expires_at: new Date(nowMs + signInMs),
      })
      .returning(signInColumns),
  );
  assert(row !== undefined, "an insert returned no row");
  return { row, refreshToken: text, holder: { id, member } };
}

/**
 * Gives the next pair of tokens for a refresh token, which is spent with that. A token that was
 * spent before is in two hands, and one of them is a thief's: the sign-in ends.
 *
 * @throws ProblemError TOKEN_INVALID
 */
export async function refreshSignIn(
  context: ApiContext,
  tenant: Tenant,
  request: { readonly refreshToken: string; readonly requestId: string },
  options: StoreOptions,
): Promise<MadeSignIn> {
  const token = parseRefreshToken(request.refreshToken);
  if (token === null) throw refused("it is no refresh token");
  const result = await context.store.transact(
    tenant,
    async (db, execute) => {
      const found = await lockSignIn(db, execute, tenant, token.signIn);
      if (found === undefined) return "its sign-in is gone";
      const verdict = judgeRefreshToken(token, found.refresh_hash);
      if (verdict === "strange") return "it was never given out";
      if (found.revoked_at !== null) return "its sign-in was revoked";
      if (verdict === "spent") {
        await revoke(db, execute, tenant, found.id);
        const event = { email: found.email, requestId: request.requestId };
        await execute(keepAuditEvent(db, tenant, eventOf(event, "sign-in.token-reused", found.id), context));
        return "it was spent before";
      }
      if (found.expires_at.getTime() <= context.clock.nowMs()) return "its sign-in has expired";
      if (found.status !== "active") return "its member is suspended";
      return rotateRefreshToken(context, db, execute, tenant, token, found);
    },
    options,
  );
  if (typeof result !== "string") return result;
  if (result === "it was spent before") context.grants.forget(tenant.id);
  throw refused(result);
}

async function lockSignIn(db: WriteQueries, execute: Execute, tenant: Tenant, id: string) {
  const [found] = await execute(
    signInOf(db, tenant, id)
      .select([
        "sign_ins.id",
        "sign_ins.member_id",
        "sign_ins.refresh_hash",
        "sign_ins.expires_at",
        "sign_ins.revoked_at",
        "members.email",
        "members.role",
        "members.status",
      ])
      .forUpdate("sign_ins"),
  );
  return found;
}

async function rotateRefreshToken(
  { clock, random }: Pick<ApiContext, "clock" | "random">,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  token: PresentedRefreshToken,
  found: {
    readonly id: string;
    readonly member_id: string;
    readonly refresh_hash: string;
    readonly email: string;
    readonly role: string;
  },
): Promise<MadeSignIn> {
  const next = newRefreshToken(found.id, random, token.family);
  const [row] = await execute(
    db
      .updateTable("sign_ins")
      .set({
        refresh_hash: next.hash,
        spent_refresh_hash: found.refresh_hash,
        refreshed_at: sql<Date>`now()`,
        expires_at: new Date(clock.nowMs() + signInMs),
      })
      .where("tenant_id", "=", tenant.id)
      .where("id", "=", found.id)
      .returning(signInColumns),
  );
  assert(row !== undefined, "a locked sign-in was not updated");
  const member = { id: found.member_id, email: found.email, role: found.role };
  return { row, refreshToken: next.text, holder: { id: found.id, member } };
}

/** Ends a sign-in. @returns whether it had not ended before */
export async function revoke(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  id: string,
): Promise<boolean> {
  const rows = await execute(
    db
      .updateTable("sign_ins")
      .set({ revoked_at: sql<Date>`now()` })
      .where("tenant_id", "=", tenant.id)
      .where("id", "=", id)
      .where("revoked_at", "is", null)
      .returning(["id"]),
  );
  return rows.length > 0;
}

/** An event that whoever has this address causes, or somebody who says so. */
function eventOf(
  { email, requestId }: { readonly email: string; readonly requestId: string },
  action: string,
  target: string,
  details: AuditEvent["details"] = {},
): AuditEvent {
  return { actorKind: "member", actor: email, action, target, requestId, details };
}

function refused(reason: string): ProblemError {
  const { headers } = invalidToken(reason);
  return new ProblemError("TOKEN_INVALID", {
    detail: "the refresh token is not valid here, or not any more; sign in again",
    ...(headers === undefined ? {} : { headers }),
    reason,
  });
}
