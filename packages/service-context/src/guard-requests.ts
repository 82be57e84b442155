import type { IncomingMessage } from "node:http";
import type { TenantContext } from "./context-claims.ts";
import { type RefusalAnswer, refusalAnswer } from "./refusals.ts";
import { type ContextOptions, verifyTenantContext } from "./verify-tenant-context.ts";

export interface GuardOptions extends ContextOptions {
  /** Paths that are answered without a context, such as the health check's. None unless said. */
  readonly openPaths?: readonly string[];
}

/** Contexts by request, for as long as the request is there. */
const contexts = new WeakMap<IncomingMessage, TenantContext>();

/**
 * The context of a request that one of the adapters has let through.
 *
 * @throws TypeError when none has, or the path is open
 */
export function tenantContextOf(request: IncomingMessage | { readonly raw: IncomingMessage }): TenantContext {
  const context = contexts.get("raw" in request ? request.raw : request);
  if (context === undefined) {
    throw new TypeError(
      "the request has no verified context: is its path open, or the adapter not in place?",
    );
  }
  return context;
}

/** Verifies a request; the answer is what to refuse it with, and null where it may go on. */
export function guardRequests(
  options: GuardOptions,
): (request: IncomingMessage) => Promise<RefusalAnswer | null> {
  const verify = verifyTenantContext(options);
  const openPaths = new Set(options.openPaths);
  return async (request) => {
    if (openPaths.has((request.url ?? "/").split("?", 1)[0] ?? "")) return null;
    const verdict = await verify(request.headers);
    if (verdict.kind === "refused") return refusalAnswer(verdict.code);
    contexts.set(request, verdict.context);
    return null;
  };
}
