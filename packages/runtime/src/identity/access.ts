import type { onRequestHookHandler } from "fastify";
import { ProblemError } from "../http/problems.ts";
import { tenantOf } from "../http/request-context.ts";
import { whenKnown } from "../http/when-known.ts";
import { bearerToken, invalidToken } from "./bearer.ts";
import type { ControlPermission, TenantPermission } from "./permissions.ts";
import { controlRolePermissions } from "./roles.ts";
import type { TenantAuthenticator } from "./tenant-authenticator.ts";
import type { TokenVerifier } from "./verify-token.ts";

/** Finds out who asks at the tenant of the host, and requires that they may do this; null is what everybody may. */
export function tenantAccess(
  authenticator: TenantAuthenticator,
  permission: TenantPermission | null,
): onRequestHookHandler {
  return (request, _reply, done) => {
    const found = authenticator.authenticate(tenantOf(request), request.headers.authorization);
    whenKnown(found, done, (principal) => {
      if (permission !== null && !principal.permissions.has(permission))
        throw new ProblemError("PERMISSION_MISSING");
      request.principal = principal;
    });
  };
}

/** Verifies a token for the control plane and that it allows the action. */
export function controlAccess(verifier: TokenVerifier, permission: ControlPermission): onRequestHookHandler {
  return async (request) => {
    const verification = await verifier.verifyControlToken(bearerToken(request.headers.authorization));
    if (verification.kind === "refused") throw invalidToken(verification.reason);
    const { subject, role, tokenId } = verification.grant;
    const permissions = controlRolePermissions[role];
    if (!permissions.has(permission)) throw new ProblemError("PERMISSION_MISSING");
    request.principal = { kind: "control", subject, role, permissions, credential: tokenId };
  };
}
