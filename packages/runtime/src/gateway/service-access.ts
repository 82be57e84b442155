import type { onRequestHookHandler } from "fastify";
import { tenantOf } from "../http/request-context.ts";
import { bearerToken } from "../identity/bearer.ts";
import type { TenantAuthenticator } from "../identity/tenant-authenticator.ts";
import { authorizationOf } from "./websocket-handshake.ts";

/** Whom a service answers: everybody, or those only who have shown that they belong to the tenant. */
export type ServiceAudience = "public" | "members";

/**
 * The credential that the platform issues; other schemes, such as Basic, are between the client and
 * the service.
 */
export function platformCredentialOf(authorization: string | undefined): string | undefined {
  return authorization !== undefined && /^bearer(?:\s|$)/i.test(authorization) ? authorization : undefined;
}

/**
 * Finds out who asks a service. A credential that is not valid is refused also where none is
 * needed: whoever sends one means to be known.
 */
export function serviceAccess(
  authenticator: TenantAuthenticator,
  access: ServiceAudience,
): onRequestHookHandler {
  return async (request) => {
    const authorization = authorizationOf(request);
    const credential = platformCredentialOf(authorization);
    if (credential !== undefined && request.tenant !== null) {
      request.principal = await authenticator.authenticate(tenantOf(request), credential);
    } else if (access === "members") {
      // Throws: there is no token, or what there is is none.
      bearerToken(request.tenant === null ? undefined : authorization);
    }
  };
}

/** Runs a hook only for requests with a credential of the platform. */
export function withCredential(hook: onRequestHookHandler): onRequestHookHandler {
  return function onlyWithCredential(request, reply, done) {
    const credential = platformCredentialOf(authorizationOf(request));
    if (credential === undefined || request.tenant === null) done();
    else hook.call(this, request, reply, done);
  };
}
