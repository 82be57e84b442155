import { assert } from "@tenantry/base";
import type { FastifyRequest } from "fastify";
import type { Tenant } from "../tenants/tenant.ts";
import type { ControlPrincipal, Principal, TenantPrincipal } from "../identity/principal.ts";
import type { RequestTrace } from "../telemetry/request-trace.ts";
import type { ProblemError } from "./problems.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** A catch-all, which is no path that exists. */
    hidden?: boolean;
    /** What the route answers with instead of JSON; whoever accepts only that is pleased, too. */
    answersWith?: string;
    /** A request without a token that waits for its turn as one with a token does. */
    takesTurn?: boolean;
  }

  interface FastifySchema {
    /** How the parameters of the query read in the OpenAPI document. */
    "x-parameters"?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /** The headers that the route reads, for the OpenAPI document. */
    "x-headers"?: Readonly<
      Record<
        string,
        {
          readonly required: boolean;
          readonly description: string;
          /** What the value looks like; any text without one. */
          readonly schema?: Readonly<Record<string, unknown>>;
        }
      >
    >;
    /** What responses mean whose body is not JSON, and their headers, for the OpenAPI document. */
    "x-binary"?: Readonly<
      Record<number, { readonly description: string; readonly headers?: Readonly<Record<string, unknown>> }>
    >;
    /** What the body means where it is not JSON, for the OpenAPI document. */
    "x-binary-body"?: string;
    /** What responses without a body mean, for the OpenAPI document. */
    "x-no-content"?: Readonly<Record<number, string>>;
  }
  interface FastifyRequest {
    /** The tenant of the host, once the host was read. */
    tenant: Tenant | null;
    /** Who asks, once the token was verified. */
    principal: Principal | null;
    /** Gives back what lets the handler work, so that the next request can go on. */
    endTurn: (() => void) | null;
    /** Ends what is being done for it; null while nothing is that could be ended. */
    giveUp: AbortController | null;
    /** The problem that was sent. */
    problem: ProblemError | null;
    /** On the clock's monotonic scale. */
    startedMs: number;
    /** Its spans; null where requests are not traced. */
    trace: RequestTrace | null;
  }
}

/** The tenant of a request whose host was read. */
export function tenantOf(request: FastifyRequest): Tenant {
  assert(request.tenant !== null, "the route does not read the tenant from the host");
  return request.tenant;
}

/** Who asks, of a request whose access was verified. */
export function tenantPrincipalOf(request: FastifyRequest): TenantPrincipal {
  assert(request.principal?.kind === "tenant", "the route does not verify who asks");
  return request.principal;
}

/** The same, of a request at the control plane. */
export function controlPrincipalOf(request: FastifyRequest): ControlPrincipal {
  assert(request.principal?.kind === "control", "the route does not verify who asks");
  return request.principal;
}
