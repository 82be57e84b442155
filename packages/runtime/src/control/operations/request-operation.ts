import { isCodedError } from "@tenantry/base";
import type { FastifyReply, FastifyRequest } from "fastify";
import { idempotencyKeyHeader, idempotencyKeyOf } from "../../http/idempotency.ts";
import { type ProblemCode, ProblemError } from "../../http/problems.ts";
import { controlPrincipalOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { hasEnded, type Operation, type OperationRequest } from "../../operations/operation.ts";
import type { RequestOutcome, Requester, TenantOperations } from "../../operations/tenant-operations.ts";
import type { ControlContext } from "../control-context.ts";

/** What a request for an operation can be answered with, besides what any request can. */
export const operationProblems = [
  "NOT_READY",
  "TENANT_NOT_FOUND",
  "TENANT_STATUS_CONFLICT",
  "OPERATION_RUNNING",
  "IDEMPOTENCY_KEY_REUSED",
  "MALFORMED_HEADER",
] as const satisfies readonly ProblemCode[];

/** The headers of a request for an operation, for the OpenAPI document. */
export const operationHeaders = {
  Prefer: {
    required: false,
    description:
      "wait=<seconds>, at most 28: answers once the operation has ended, or after that time (RFC 7240).",
  },
  ...idempotencyKeyHeader,
};

/** The operations, once they are open. @throws ProblemError NOT_READY */
export function operationsOf(context: ControlContext): TenantOperations {
  const operations = context.operations();
  if (operations === null) throw new ProblemError("NOT_READY", { headers: { "retry-after": "1" } });
  return operations;
}

/** Who asks, for the audit trail of the operation. */
export function requesterOf(request: FastifyRequest): Requester {
  return {
    actorKind: "operator",
    actor: controlPrincipalOf(request).subject,
    requestId: request.id,
    idempotencyKey: idempotencyKeyOf(request),
  };
}

/** Begins an operation, or finds the one that does the same. @throws ProblemError */
export async function beginOperation(
  context: ControlContext,
  request: FastifyRequest,
  wanted: OperationRequest,
): Promise<{ readonly operation: Operation; readonly outcome: RequestOutcome["kind"] }> {
  try {
    const outcome = await operationsOf(context).request(wanted, requesterOf(request));
    if (outcome.kind === "key-reused") throw new ProblemError("IDEMPOTENCY_KEY_REUSED");
    return { operation: outcome.operation, outcome: outcome.kind };
  } catch (error) {
    throw problemOf(error);
  }
}

function problemOf(error: unknown): unknown {
  if (!isCodedError(error)) return error;
  const detail = error.message;
  if (error.code === "RUNTIME_TENANT_BUSY") return new ProblemError("OPERATION_RUNNING", { detail });
  if (error.code === "RUNTIME_TENANT_STATUS" || error.code === "RUNTIME_EXPORTS_MISSING")
    return new ProblemError("TENANT_STATUS_CONFLICT", { detail });
  return error;
}

/** Answers with the operation: 200 once it has ended, 202 as long as it has not. */
export async function sendOperation(
  context: ControlContext,
  request: FastifyRequest,
  reply: FastifyReply,
  begun: Operation,
  until: "settled" | "ended" = "settled",
): Promise<FastifyReply> {
  const preferredMs = preferredWaitMs(request);
  const waitMs = preferredMs === null ? null : waitMsWithin(context, preferredMs);
  const waited =
    waitMs === null ? begun : await waitFor(context, begun.id, waitMs, until, requestSignal(reply));
  const operation = waited ?? begun;
  if (waitMs !== null) reply.header("preference-applied", `wait=${Math.floor(waitMs / 1_000)}`);
  reply.header("location", `/control/v1/operations/${operation.id}`);
  return reply.code(hasEnded(operation) ? 200 : 202).send(operation);
}

const lookMs = 50;

/** One that was taken back still waits for a moment, and ends then. */
async function waitFor(
  context: ControlContext,
  id: string,
  waitMs: number,
  until: "settled" | "ended",
  signal: AbortSignal,
): Promise<Operation | null> {
  const { clock } = context;
  const untilMs = clock.monotonicMs() + waitMs;
  for (;;) {
    const leftMs = Math.max(0, untilMs - clock.monotonicMs());
    const operation = await operationsOf(context).settled(id, leftMs, signal);
    const isDone = operation === null || until === "settled" || hasEnded(operation);
    if (isDone || leftMs === 0) return operation;
    await clock.sleep(lookMs, signal);
  }
}

const waitSecondsMax = 28;
/** What is left of the time that a request may take, for the answer. */
const answerMs = 2_000;

/** How long the client would wait; null where it would not. */
function preferredWaitMs(request: FastifyRequest): number | null {
  const { prefer } = request.headers;
  const wait = /(?:^|,)\s*wait\s*=\s*"?(\d{1,3})"?\s*(?:$|[,;])/i.exec(String(prefer ?? ""))?.[1];
  if (wait === undefined) return null;
  return Math.min(Number(wait), waitSecondsMax) * 1_000;
}

/** How long a handler may wait by itself. */
export function waitMsWithin({ limits }: ControlContext, wantedMs: number): number {
  return Math.max(0, Math.min(wantedMs, limits.handlingTimeoutMs - answerMs));
}
