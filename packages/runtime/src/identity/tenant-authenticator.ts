import { ProblemError } from "../http/problems.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { bearerToken, invalidToken } from "./bearer.ts";
import type { TenantPrincipal } from "./principal.ts";
import { tenantRolePermissions } from "./roles.ts";
import type { TokenVerifier } from "./verify-token.ts";

/** Says who asks at a tenant's host. */
export interface TenantAuthenticator {
  /**
   * @param authorization the Authorization field of the request
   * @throws ProblemError TOKEN_MISSING, TOKEN_INVALID, TOKEN_FOR_ANOTHER_TENANT
   */
  authenticate(tenant: Tenant, authorization: string | undefined): Promise<TenantPrincipal>;
}

export function createTenantAuthenticator(options: {
  readonly verifier: TokenVerifier;
}): TenantAuthenticator {
  const { verifier } = options;
  return {
    async authenticate(tenant, authorization) {
      const verification = await verifier.verifyTenantToken(bearerToken(authorization));
      if (verification.kind === "refused") throw invalidToken(verification.reason);
      const { grant } = verification;
      if (grant.tenant !== tenant.id) throw new ProblemError("TOKEN_FOR_ANOTHER_TENANT");
      return {
        kind: "tenant",
        via: "token",
        tenant: grant.tenant,
        subject: grant.subject,
        role: grant.role,
        permissions: tenantRolePermissions[grant.role],
        credential: grant.tokenId,
        member: null,
        signIn: null,
      };
    },
  };
}
