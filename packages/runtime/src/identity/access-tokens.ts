import type { Clock, Random } from "@tenantry/base";
import type { Tenant } from "../tenants/tenant.ts";
import { issueToken } from "./issue-token.ts";
import type { KeyRing } from "./key-ring.ts";

export interface AccessTokensOptions {
  readonly keys: KeyRing;
  /** The `iss` of the tokens. */
  readonly issuer: string;
  readonly platform: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Who has signed in. */
export interface SignedIn {
  readonly id: string;
  readonly member: { readonly id: string; readonly email: string; readonly role: string };
}

/** The access tokens that a sign-in gives. */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(tenant: Tenant, signIn: SignedIn): Promise<string>;
}

/** Short, because a copy of one works until its end wherever somebody verifies it without asking us. */
const lifetimeSeconds = 900;

export function createAccessTokens({
  keys,
  issuer,
  platform,
  clock,
  random,
}: AccessTokensOptions): AccessTokens {
  return {
    lifetimeSeconds,
    issue: (tenant, { id, member }) =>
      issueToken(
        keys.signingKey,
        {
          kind: "tenant",
          issuer,
          platform,
          tenant: tenant.id,
          subject: member.email,
          role: member.role,
          lifetimeSeconds,
          signIn: { id, member: member.id },
        },
        { clock, random },
      ),
  };
}
