import { assert } from "@tenantry/base";
import type { FastifyRequest } from "fastify";
import type { Tenant } from "../tenants/tenant.ts";
import type { Principal, TenantPrincipal } from "../identity/principal.ts";
import type { ProblemError } from "./problems.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** A catch-all, which is no path that exists. */
    hidden?: boolean;
  }

  interface FastifySchema {
    /** How the parameters of the query read in the OpenAPI document. */
    "x-parameters"?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /** The headers that the route reads, for the OpenAPI document. */
    "x-headers"?: Readonly<Record<string, { readonly required: boolean; readonly description: string }>>;
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
    /** The problem that was sent. */
    problem: ProblemError | null;
    /** On the clock's monotonic scale. */
    startedMs: number;
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
