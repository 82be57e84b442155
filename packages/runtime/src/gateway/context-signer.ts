import type { Clock } from "@tenantry/base";
import { type ContextClaims, contextLifetimeSecondsMax, contextType } from "@tenantry/service-context";
import { SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import type { TenantPrincipal } from "../identity/principal.ts";
import type { SigningKey } from "../identity/signing-key.ts";
import type { Tenant } from "../tenants/tenant.ts";

export interface ContextSignerOptions {
  readonly issuer: string;
  /** The key that signs now. */
  readonly keys: { readonly signingKey: SigningKey };
  readonly clock: Clock;
  readonly entriesMax?: number;
}

/** `urn:tenantry:<platform>:service:<name>`: whom a signed context is for. */
export function serviceAudienceOf(platform: string, service: string): string {
  return `urn:tenantry:${platform}:service:${service}`;
}

/** For so long the same text is sent again; it is good for as long again when it is sent last. */
const reusedMs = 30_000;
const entriesMaxDefault = 10_000;

interface Entry {
  readonly text: string | Promise<string>;
  readonly signedAtMs: number;
}

/**
 * Signs what a service is told about a request. A signature costs more than everything else that
 * the gateway does for a request, so a text is sent again for half a minute. It is kept under all
 * that it says: when a role changes, so does what is signed.
 */
export class ContextSigner {
  readonly #options: ContextSignerOptions;
  readonly #entries: LRUCache<string, Entry>;

  constructor(options: ContextSignerOptions) {
    this.#options = options;
    this.#entries = new LRUCache({ max: options.entriesMax ?? entriesMaxDefault });
  }

  /** At once where it was signed before. */
  sign(audience: string, tenant: Tenant | null, principal: TenantPrincipal | null): string | Promise<string> {
    const said = {
      tenant: tenant === null ? null : { id: tenant.id, tier: tenant.tier, isolation: tenant.isolation },
      principal: principal === null ? null : claimsOf(principal),
    };
    const key = `${audience}\n${principal?.credential ?? ""}\n${JSON.stringify(said)}`;
    const nowMs = this.#options.clock.nowMs();
    const known = this.#entries.get(key);
    // A clock that was set back must not make a text last longer.
    if (known !== undefined && nowMs >= known.signedAtMs && nowMs < known.signedAtMs + reusedMs) {
      return known.text;
    }
    const signing = this.#sign({ ...said, audience }, nowMs).then(
      (text) => {
        this.#entries.set(key, { text, signedAtMs: nowMs });
        return text;
      },
      (error: unknown) => {
        this.#entries.delete(key);
        throw error;
      },
    );
    this.#entries.set(key, { text: signing, signedAtMs: nowMs });
    return signing;
  }

  #sign(
    {
      audience,
      tenant,
      principal,
    }: Pick<ContextClaims, "tenant" | "principal"> & { readonly audience: string },
    nowMs: number,
  ): Promise<string> {
    const { issuer, keys } = this.#options;
    const { kid, algorithm, privateKey } = keys.signingKey;
    const iat = Math.floor(nowMs / 1_000);
    const claims: ContextClaims = {
      iss: issuer,
      aud: audience,
      iat,
      exp: iat + contextLifetimeSecondsMax,
      tenant,
      principal,
    };
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: algorithm, typ: contextType, kid })
      .sign(privateKey);
  }
}

function claimsOf({ subject, role, permissions, via, member }: TenantPrincipal): ContextClaims["principal"] {
  return { subject, role, permissions: [...permissions], via, member };
}
