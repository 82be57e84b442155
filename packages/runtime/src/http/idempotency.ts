import { createHash } from "node:crypto";
import { type Clock, stableJson } from "@tenantry/base";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Compilable, type Selectable, sql } from "kysely";
import { lockTimeout } from "../database/roles.ts";
import { isSqlError } from "../database/sql-error.ts";
import { isCompilable } from "../tenant-store/tenant-queries.ts";
import type {
  Answered,
  Execute,
  StoreAnswer,
  TenantStore,
  WriteQueries,
} from "../tenant-store/tenant-store.ts";
import type { IdempotencyKeysTable } from "../tenant-store/tenant-tables.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantSweep } from "../tenants/tenant-sweep.ts";
import { type ProblemCode, ProblemError } from "./problems.ts";
import { tenantOf, tenantPrincipalOf } from "./request-context.ts";
import { requestSignal } from "./request-signal.ts";

/*
 * A request that creates something carries an Idempotency-Key
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/), so that it can be
 * sent again when its answer was lost:
 *
 *   none ── the key is claimed ──▶ under way ── commit ──▶ answered ── a day later ──▶ none
 *                                     └── an error, a crash, the client goes ──▶ none
 *
 * Claim, effect and answer are one transaction: either all of them are kept or none is. "Under
 * way" is a row that nobody else can see yet, so it ends with its transaction whatever happens. What
 * fails leaves no key behind, because nothing was done that could be done twice.
 */

/** What is sent, and sent again to a request that repeats. */
export interface Answer {
  readonly status: number;
  /** Those that belong to the answer; the others are made afresh. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** What a request that creates something does, and says about it. */
export interface Creation<Effect extends StoreAnswer> {
  /** Either one query, or several through `execute`; they run in the transaction that keeps the key. */
  readonly effect: (db: WriteQueries, execute: Execute) => Effect;
  readonly answer: (result: Answered<Effect>) => Answer;
  /**
   * What is kept for a repeat. "answer": a repeat gets the same answer. "key": the answer holds a
   * secret, which is shown once and stored nowhere, so a repeat is told that it is one.
   */
  readonly keep?: "answer" | "key";
  /** What the request said, where that is not JSON: it stands for the body when requests are compared. */
  readonly said?: string;
}

export interface IdempotencyContext {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly idempotencySweep: TenantSweep;
}

const keptMs = 86_400_000;

/**
 * Runs the effect of a request once per Idempotency-Key, and sends what came of it. Without a key
 * it simply runs, and where it is one query it then costs one round trip.
 *
 * @throws ProblemError MALFORMED_HEADER, IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE, IDEMPOTENCY_KEY_SPENT
 */
export async function answerOnce<Effect extends StoreAnswer>(
  context: IdempotencyContext,
  request: FastifyRequest,
  reply: FastifyReply,
  creation: Creation<Effect>,
): Promise<never> {
  const tenant = tenantOf(request);
  const key = idempotencyKeyOf(request);
  const signal = requestSignal(reply);
  if (key === null) {
    const result = await context.store.transact(tenant, creation.effect, { signal });
    return sendAnswer(reply, creation.answer(result));
  }
  const claim: Claim = {
    tenant,
    key,
    fingerprint: fingerprintOf(request, creation.said),
    nowMs: context.clock.nowMs(),
  };
  const outcome = await context.store.transact(
    tenant,
    (db: WriteQueries, execute: Execute) => runClaimed(db, execute, claim, creation),
    { signal },
  );
  context.idempotencySweep.touch(tenant);
  if (outcome.kind === "first") return sendAnswer(reply, outcome.answer);
  return sendAnswer(reply.header("idempotency-replayed", "true"), outcome.answer);
}

interface Claim {
  readonly tenant: Tenant;
  readonly key: string;
  readonly fingerprint: string;
  readonly nowMs: number;
}

interface Outcome {
  readonly kind: "first" | "repeat";
  readonly answer: Answer;
}

async function runClaimed<Effect extends StoreAnswer>(
  db: WriteQueries,
  execute: Execute,
  claim: Claim,
  creation: Creation<Effect>,
): Promise<Outcome> {
  const claimed = await claimKey(db, execute, claim);
  if (claimed.kind === "repeat") return claimed;
  const effect = creation.effect(db, execute);
  const result = isCompilable(effect) ? await execute(effect) : await effect;
  const answer = creation.answer(result as Answered<Effect>);
  await execute(keepAnswer(db, claim, answer, creation.keep ?? "answer"));
  return { kind: "first", answer };
}

/** Takes the key, or finds the answer of the request that took it before. */
async function claimKey(
  db: WriteQueries,
  execute: Execute,
  claim: Claim,
): Promise<{ readonly kind: "claimed" } | { readonly kind: "repeat"; readonly answer: Answer }> {
  const inserted = await execute(insertKey(db, claim)).catch((error: unknown) => {
    throw isSqlError(error) && error.code === lockNotAvailable ? keyInUse() : error;
  });
  if (inserted.length > 0) return { kind: "claimed" };
  const row = await readKey(db, execute, claim);
  if (row === undefined || row.created_at.getTime() >= claim.nowMs - keptMs) {
    return { kind: "repeat", answer: answerOf(row, claim) };
  }
  const renewed = await execute(renewKey(db, claim));
  if (renewed.length > 0) return { kind: "claimed" };
  return { kind: "repeat", answer: answerOf(await readKey(db, execute, claim), claim) };
}

/** SQLSTATE of a lock that was waited for too long. */
const lockNotAvailable = "55P03";
/** What is done under a key takes milliseconds, so that most repeats that come too early find its answer. */
const claimWaitMs = 250;

/**
 * Waits for a transaction that holds the same key, but not for long: a request that is asked to
 * come back holds no session meanwhile. The effect then waits for locks as any other query does.
 */
function insertKey(
  db: WriteQueries,
  { tenant, key, fingerprint, nowMs }: Claim,
): Compilable<{ readonly key: string }> {
  return db
    .insertInto("idempotency_keys")
    .columns(["tenant_id", "key", "fingerprint", "created_at"])
    .expression(
      db
        .selectNoFrom([
          sql<string>`${tenant.id}::text`.as("tenant_id"),
          sql<string>`${key}::text`.as("key"),
          sql<string>`${fingerprint}::text`.as("fingerprint"),
          sql<Date>`${new Date(nowMs)}::timestamptz`.as("created_at"),
        ])
        .where(sql<boolean>`set_config('lock_timeout', ${String(claimWaitMs)}, true) is not null`),
    )
    .onConflict((conflict) => conflict.columns(["tenant_id", "key"]).doNothing())
    .returning(["key", sql`set_config('lock_timeout', ${lockTimeout}, true)`.as("lock_timeout")]);
}

/** Takes a key that is older than a day, unless somebody else does. */
function renewKey(
  db: WriteQueries,
  { tenant, key, fingerprint, nowMs }: Claim,
): Compilable<{ readonly key: string }> {
  return db
    .updateTable("idempotency_keys")
    .set({ fingerprint, status: null, headers: null, body: null, created_at: new Date(nowMs) })
    .where("tenant_id", "=", tenant.id)
    .where("key", "=", key)
    .where("created_at", "<", new Date(nowMs - keptMs))
    .returning("key");
}

type KeyRow = Pick<
  Selectable<IdempotencyKeysTable>,
  "fingerprint" | "status" | "headers" | "body" | "created_at"
>;

async function readKey(
  db: WriteQueries,
  execute: Execute,
  { tenant, key }: Claim,
): Promise<KeyRow | undefined> {
  const [row] = await execute(
    db
      .selectFrom("idempotency_keys")
      .select(["fingerprint", "status", "headers", "body", "created_at"])
      .where("tenant_id", "=", tenant.id)
      .where("key", "=", key),
  );
  return row;
}

/** @throws ProblemError when there is nothing to repeat for this request */
function answerOf(row: KeyRow | undefined, { fingerprint }: Claim): Answer {
  if (row === undefined || row.status === null) throw keyInUse();
  if (row.fingerprint !== fingerprint) throw new ProblemError("IDEMPOTENCY_KEY_REUSED");
  if (row.body === null) throw new ProblemError("IDEMPOTENCY_KEY_SPENT");
  return {
    status: row.status,
    headers: row.headers as Readonly<Record<string, string>>,
    body: JSON.parse(row.body) as unknown,
  };
}

function keyInUse(): ProblemError {
  return new ProblemError("IDEMPOTENCY_KEY_IN_USE", { headers: { "retry-after": "1" } });
}

function keepAnswer(
  db: WriteQueries,
  { tenant, key }: Claim,
  { status, headers, body }: Answer,
  keep: "answer" | "key",
): Compilable<unknown> {
  return db
    .updateTable("idempotency_keys")
    .set({
      status,
      headers: keep === "answer" ? JSON.stringify(headers) : null,
      body: keep === "answer" ? JSON.stringify(body) : null,
    })
    .where("tenant_id", "=", tenant.id)
    .where("key", "=", key);
}

/** Typed as never so that a handler can return it whatever its schema: a reply that is sent fits all of them. */
function sendAnswer(reply: FastifyReply, { status, headers, body }: Answer): never {
  return reply.code(status).headers(headers).send(body) as never;
}

/** The key of a request: text, or the same in quotes as a structured field; null without one. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const field = request.headers["idempotency-key"];
  if (field === undefined) return null;
  const text = String(field);
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1]?.replaceAll(/\\(.)/g, "$1");
  const key = text.startsWith('"') ? (quoted ?? "") : text;
  if (!keyPattern.test(key)) {
    throw new ProblemError("MALFORMED_HEADER", {
      detail: "Idempotency-Key holds 1 to 255 visible ASCII characters, such as a UUID",
    });
  }
  return key;
}

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/** Who asks belongs to it: what one was answered is not for another. */
function fingerprintOf(request: FastifyRequest, said: string | undefined): string {
  const parts = [
    request.method,
    request.url,
    tenantPrincipalOf(request).subject,
    said ?? stableJson(request.body ?? null),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Deletes some of the keys that are no longer kept; says whether more of the tenant's are there. */
export async function sweepIdempotencyKeys(
  store: TenantStore,
  tenant: Tenant,
  nowMs: number,
): Promise<"more" | "later" | "none"> {
  return store.transact(tenant, async (db: WriteQueries, execute: Execute) => {
    const expired = await execute(
      db
        .deleteFrom("idempotency_keys")
        .where("tenant_id", "=", tenant.id)
        .where("key", "in", (eb) =>
          eb
            .selectFrom("idempotency_keys")
            .select("key")
            .where("tenant_id", "=", tenant.id)
            .where("created_at", "<", new Date(nowMs - keptMs))
            .orderBy("created_at")
            .limit(keysPerSweep),
        )
        .returning("key"),
    );
    if (expired.length === keysPerSweep) return "more";
    const left = await execute(
      db.selectFrom("idempotency_keys").select("key").where("tenant_id", "=", tenant.id).limit(1),
    );
    return left.length > 0 ? "later" : "none";
  });
}

const keysPerSweep = 1_000;

/** For the description of a route that calls {@link answerOnce}. */
export const idempotencyKeyHeader = {
  "Idempotency-Key": {
    required: false,
    description:
      "Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer.",
    schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[!-~]+$" },
  },
} as const;

export const idempotencyHeaders = {
  "Idempotency-Replayed": {
    type: "string",
    description: "`true` where this is the answer to an earlier request.",
  },
} as const;

export const idempotencyProblems = [
  "MALFORMED_HEADER",
  "IDEMPOTENCY_KEY_REUSED",
  "IDEMPOTENCY_KEY_IN_USE",
  "IDEMPOTENCY_KEY_SPENT",
] as const satisfies readonly ProblemCode[];
