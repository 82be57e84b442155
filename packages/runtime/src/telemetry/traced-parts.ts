import { SpanKind } from "@opentelemetry/api";
import type { Clock } from "@tenantry/base";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { TenantAuthenticator } from "../identity/tenant-authenticator.ts";
import type { RequestLimits } from "../limits/request-limits.ts";
import { failureOf } from "./request-trace.ts";
import type { Tracing } from "./tracing.ts";

/** The authenticator with a span for each authentication. */
export function traceAuthenticator(
  authenticator: TenantAuthenticator,
  tracing: Tracing | null,
): TenantAuthenticator {
  if (tracing === null) return authenticator;
  return {
    authenticate: (tenant, authorization) =>
      tracing.within("authentication", () => authenticator.authenticate(tenant, authorization)),
  };
}

type CallbackHook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** The limits with a span for each request that had to wait for its turn. */
export function traceLimits(limits: RequestLimits, tracing: Tracing | null, clock: Clock): RequestLimits {
  if (tracing === null) return limits;
  const traced =
    (hook: CallbackHook): CallbackHook =>
    (request, reply, done) => {
      const startedMs = clock.monotonicMs();
      let state: "asked" | "waiting" | "decided" = "asked";
      hook(request, reply, (error) => {
        const { trace } = request;
        if (state === "waiting" && trace !== null) {
          const record = trace.start("admission", SpanKind.INTERNAL, {}, startedMs);
          trace.end(record, error === undefined ? null : failureOf(error));
        }
        state = "decided";
        // Whoever made room for this request works for another one.
        if (trace === null) done(error);
        else tracing.resume(trace, () => done(error));
      });
      if (state === "asked") state = "waiting";
    };
  return {
    ...limits,
    handler: traced(limits.handler as CallbackHook),
    service: () => traced(limits.service() as CallbackHook),
  };
}
