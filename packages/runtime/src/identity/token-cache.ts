import type { Clock } from "@tenantry/base";
import { decodeJwt } from "jose";
import { LRUCache } from "lru-cache";
import {
  clockToleranceSeconds,
  type ControlGrant,
  type TenantGrant,
  tokenLifetimeSecondsMax,
} from "./token-claims.ts";
import type { TokenVerifier, Verification } from "./verify-token.ts";

export interface TokenCacheOptions {
  readonly verifier: TokenVerifier;
  readonly clock: Clock;
  /** Tokens that are remembered at most; 10,000 where not given. */
  readonly entriesMax?: number;
}

interface Entry<Grant> {
  readonly verification: Verification<Grant>;
  /** Whole seconds since 1970 at which the verifier would say the same: from this one on, and before that one. */
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

const entriesMaxDefault = 10_000;
/** Of all remembered tokens together, so that long ones take no more memory than short ones. */
const charactersMax = 8_388_608;

/**
 * Remembers which tokens were valid, because checking a signature costs more than most requests do.
 *
 * An entry is found by the whole text of the token, the signature with it: another text for the same
 * grant, as an ECDSA signature has one, is another token that is verified by itself. Refusals are not
 * remembered, so nobody fills the cache who cannot sign. An entry answers only while the verifier would
 * answer the same at the time of the clock, to the second, also when the clock was set back. What does not
 * follow from the token and the keys, such as a sign-in that has ended, is asked behind this cache;
 * whoever changes the keys, or takes back what they have granted, empties it.
 */
export class TokenCache implements TokenVerifier {
  readonly #verifier: TokenVerifier;
  readonly #clock: Clock;
  readonly #tenantTokens: LRUCache<string, Entry<TenantGrant>>;
  readonly #controlTokens: LRUCache<string, Entry<ControlGrant>>;
  /** Counts how often the cache was emptied, so that a verification that began before is not kept after. */
  #epoch = 0;

  constructor({ verifier, clock, entriesMax = entriesMaxDefault }: TokenCacheOptions) {
    this.#verifier = verifier;
    this.#clock = clock;
    const bounds = { max: entriesMax, maxSize: charactersMax };
    this.#tenantTokens = new LRUCache({ ...bounds, sizeCalculation: (_, token) => token.length });
    this.#controlTokens = new LRUCache({ ...bounds, sizeCalculation: (_, token) => token.length });
  }

  /** How many tokens are remembered. */
  get size(): number {
    return this.#tenantTokens.size + this.#controlTokens.size;
  }

  verifyTenantToken(token: string): Verification<TenantGrant> | Promise<Verification<TenantGrant>> {
    return this.#verify(this.#tenantTokens, token, () => this.#verifier.verifyTenantToken(token));
  }

  verifyControlToken(token: string): Verification<ControlGrant> | Promise<Verification<ControlGrant>> {
    return this.#verify(this.#controlTokens, token, () => this.#verifier.verifyControlToken(token));
  }

  /** Forgets everything, and whatever is being verified right now is not remembered either. */
  clear(): void {
    this.#epoch += 1;
    this.#tenantTokens.clear();
    this.#controlTokens.clear();
  }

  #verify<Grant>(
    entries: LRUCache<string, Entry<Grant>>,
    token: string,
    verify: () => Verification<Grant> | Promise<Verification<Grant>>,
  ): Verification<Grant> | Promise<Verification<Grant>> {
    const entry = entries.get(token);
    if (entry !== undefined) {
      const nowSeconds = this.#nowSeconds();
      if (nowSeconds >= entry.fromSeconds && nowSeconds < entry.untilSeconds) return entry.verification;
      entries.delete(token);
    }
    return this.#verifyAndKeep(entries, token, verify);
  }

  async #verifyAndKeep<Grant>(
    entries: LRUCache<string, Entry<Grant>>,
    token: string,
    verify: () => Verification<Grant> | Promise<Verification<Grant>>,
  ): Promise<Verification<Grant>> {
    const epoch = this.#epoch;
    const verification = await verify();
    if (verification.kind === "valid" && epoch === this.#epoch) {
      entries.set(token, { verification, ...validityOf(token) });
    }
    return verification;
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.nowMs() / 1_000);
  }
}

/** When a token whose claims were found to be right is valid, with the tolerance that the verifier grants. */
function validityOf(token: string): { readonly fromSeconds: number; readonly untilSeconds: number } {
  const { exp = 0, iat = 0, nbf = 0 } = decodeJwt(token);
  return {
    fromSeconds: Math.max(iat, nbf) - clockToleranceSeconds,
    untilSeconds: Math.min(exp, iat + tokenLifetimeSecondsMax + 1) + clockToleranceSeconds,
  };
}
