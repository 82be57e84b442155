import type { Platform } from "@tenantry/model";
import type { ExternalIssuer } from "./external-issuer.ts";

/** The external issuers that the definition names. */
export function definedIssuers({ identity }: Pick<Platform, "identity">): readonly ExternalIssuer[] {
  return identity.members.issuers.map(({ jwksUri, role, roleClaim, roles, ...issuer }) => ({
    ...issuer,
    ...(jwksUri === null ? {} : { jwksUri }),
    role:
      role === null
        ? {
            kind: "claim",
            claim: roleClaim,
            mapping: Object.entries(roles).map(([value, meant]) => ({ value, role: meant })),
          }
        : { kind: "fixed", role },
  }));
}
