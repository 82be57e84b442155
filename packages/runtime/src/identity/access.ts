import type { onRequestHookHandler } from "fastify";
import { ProblemError } from "../http/problems.ts";
import { tenantOf } from "../http/request-context.ts";
import { bearerToken, invalidToken } from "./bearer.ts";
import { type Permission, roleAllows } from "./roles.ts";
import type { TokenVerifier } from "./verify-token.ts";

/** Verifies the token and that it is for the tenant of the host and allows the action. */
export function tenantAccess(verifier: TokenVerifier, permission: Permission): onRequestHookHandler {
  return async (request) => {
    const verification = await verifier.verifyTenantToken(bearerToken(request.headers.authorization));
    if (verification.kind === "refused") throw invalidToken(verification.reason);
    const { principal } = verification;
    if (principal.tenant !== tenantOf(request).id) throw new ProblemError("TOKEN_FOR_ANOTHER_TENANT");
    if (!roleAllows(principal.role, permission)) throw new ProblemError("PERMISSION_MISSING");
    request.principal = principal;
  };
}

/** Verifies a token for the control plane and that it allows the action. */
export function controlAccess(verifier: TokenVerifier, permission: Permission): onRequestHookHandler {
  return async (request) => {
    const verification = await verifier.verifyControlToken(bearerToken(request.headers.authorization));
    if (verification.kind === "refused") throw invalidToken(verification.reason);
    if (!roleAllows(verification.principal.role, permission)) throw new ProblemError("PERMISSION_MISSING");
    request.principal = verification.principal;
  };
}
