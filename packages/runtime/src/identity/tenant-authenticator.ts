import type { Clock } from "@tenantry/base";
import { ProblemError } from "../http/problems.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { looksLikeApiKey, parseApiKey, sameHash } from "./api-key.ts";
import type { ApiKeyUse } from "./api-key-use.ts";
import { bearerToken, invalidToken } from "./bearer.ts";
import { claimedIssuer, type ExternalGrant, type ExternalVerifier } from "./external-issuer.ts";
import type { Grants } from "./grants.ts";
import type { TenantPermission } from "./permissions.ts";
import type { TenantPrincipal } from "./principal.ts";
import type { TenantGrant } from "./token-claims.ts";
import type { TokenVerifier, Verification } from "./verify-token.ts";

/** Says who asks at a tenant's host. */
export interface TenantAuthenticator {
  /**
   * @param authorization the Authorization field of the request
   * Answers at once where everything that counts is in memory.
   *
   * @throws ProblemError TOKEN_MISSING, TOKEN_INVALID, TOKEN_FOR_ANOTHER_TENANT, ISSUER_UNAVAILABLE
   */
  authenticate(tenant: Tenant, authorization: string | undefined): TenantPrincipal | Promise<TenantPrincipal>;
}

export interface TenantAuthenticatorOptions {
  /** Verifies the platform's own tokens. What remembers verified tokens stands in front of it, as another verifier. */
  readonly verifier: TokenVerifier;
  /** What the tenant's database says about whom a token or a key names. */
  readonly grants: Grants;
  readonly apiKeyUse: ApiKeyUse;
  /** By their `iss`. */
  readonly externalIssuers?: ReadonlyMap<string, ExternalVerifier>;
  readonly clock: Clock;
}

/**
 * Three kinds of credential come as a bearer token: an access token of the platform, an API key of
 * the tenant, an access token of an identity provider of the user's. Whatever is wrong with one has
 * the same answer; the log says what it was.
 */
export function createTenantAuthenticator(options: TenantAuthenticatorOptions): TenantAuthenticator {
  const { verifier, grants, apiKeyUse, clock } = options;
  const external = options.externalIssuers ?? new Map<string, ExternalVerifier>();

  type Answer = TenantPrincipal | Promise<TenantPrincipal>;

  function tokenPrincipal(tenant: Tenant, token: string): Answer {
    const verification = verifier.verifyTenantToken(token);
    return verification instanceof Promise
      ? verification.then((verified) => verifiedPrincipal(tenant, verified))
      : verifiedPrincipal(tenant, verification);
  }

  function verifiedPrincipal(tenant: Tenant, verification: Verification<TenantGrant>): Answer {
    if (verification.kind === "refused") throw invalidToken(verification.reason);
    const { grant } = verification;
    if (grant.tenant !== tenant.id) throw new ProblemError("TOKEN_FOR_ANOTHER_TENANT");
    return grant.signIn === null
      ? holderPrincipal(tenant, grant)
      : memberPrincipal(tenant, grant, grant.signIn);
  }

  /** Whoever holds a token that says itself what they are. */
  function holderPrincipal(tenant: Tenant, { subject, role, tokenId }: ExternalGrant): Answer {
    const allowed = (permissions: ReadonlySet<TenantPermission> | null): TenantPrincipal => {
      if (permissions === null) throw invalidToken("the tenant has no such role");
      return { ...withoutMember, tenant: tenant.id, subject, role, permissions, credential: tokenId };
    };
    const permissions = grants.permissions(tenant, role);
    return permissions instanceof Promise ? permissions.then(allowed) : allowed(permissions);
  }

  /** Who signed in, as the database knows them now: a token says only that they once did. */
  async function memberPrincipal(
    tenant: Tenant,
    token: TenantGrant,
    from: { readonly id: string; readonly member: string },
  ): Promise<TenantPrincipal> {
    const signIn = await grants.signIn(tenant, from.id);
    if (signIn === null || signIn.member !== from.member) throw invalidToken("its sign-in has ended");
    return {
      kind: "tenant",
      via: "token",
      tenant: token.tenant,
      subject: signIn.email,
      role: signIn.role,
      permissions: (await grants.permissions(tenant, signIn.role)) ?? noPermissions,
      credential: token.tokenId,
      member: signIn.member,
      signIn: from.id,
    };
  }

  async function externalPrincipal(
    tenant: Tenant,
    token: string,
    issuer: ExternalVerifier,
  ): Promise<TenantPrincipal> {
    const verification = await issuer.verify(token);
    if (verification.kind === "refused") throw invalidToken(`${issuer.issuer}: ${verification.reason}`);
    const { grant } = verification;
    if (grant.tenant !== tenant.id) throw new ProblemError("TOKEN_FOR_ANOTHER_TENANT");
    return holderPrincipal(tenant, grant);
  }

  async function apiKeyPrincipal(tenant: Tenant, text: string): Promise<TenantPrincipal> {
    const presented = parseApiKey(text);
    if (presented === null) throw invalidToken("it is no API key, or one with a typo");
    const key = await grants.apiKey(tenant, presented.prefix);
    // Compared also where there is none, so that the time tells nobody which prefixes there are.
    const isSame = sameHash(presented.secretHash, key?.secretHash ?? nobodysHash);
    if (key === null || !isSame) throw invalidToken("the tenant has no such API key");
    if (key.isRevoked) throw invalidToken("the API key was revoked");
    if (key.expiresAtMs !== null && key.expiresAtMs <= clock.nowMs()) {
      throw invalidToken("the API key has expired");
    }
    apiKeyUse.used(tenant, key.id);
    return {
      ...withoutMember,
      via: "api-key",
      tenant: tenant.id,
      subject: key.id,
      role: null,
      permissions: key.permissions,
      credential: key.id,
    };
  }

  return {
    authenticate(tenant, authorization) {
      const credential = bearerToken(authorization);
      if (looksLikeApiKey(credential)) return apiKeyPrincipal(tenant, credential);
      const issuer = external.size === 0 ? null : claimedIssuer(credential);
      const stranger = issuer === null ? undefined : external.get(issuer);
      return stranger === undefined
        ? tokenPrincipal(tenant, credential)
        : externalPrincipal(tenant, credential, stranger);
    },
  };
}

const withoutMember = { kind: "tenant", via: "token", member: null, signIn: null } as const;
const noPermissions: ReadonlySet<TenantPermission> = new Set();
/** As long as a hash, and the hash of nothing. */
const nobodysHash = "0".repeat(64);
