import { type CryptoKey, importJWK, type JWK } from "jose";
import type { ContextClock } from "./clock.ts";

/** A key of the gateway, and the one algorithm that it is for. */
export interface ContextKey {
  readonly algorithm: "ES256" | "EdDSA";
  readonly publicKey: CryptoKey;
}

export interface KeySetOptions {
  readonly url: URL;
  readonly clock: ContextClock;
  readonly fetch: typeof fetch;
}

export type KeyLookup =
  | { readonly kind: "found"; readonly key: ContextKey }
  | { readonly kind: "unknown" }
  | { readonly kind: "unavailable" };

/** After this the keys are read again, so that a key which is no longer published is forgotten. */
const freshMs = 300_000;
/** How long keys that could not be read again are believed. */
const believedMs = 3_600_000;
/** Between two readings for the sake of keys that are not known: whoever makes up key ids causes no more. */
const cooldownMs = 5_000;
/** After a reading that failed. */
const retryMs = 1_000;
const timeoutMs = 2_000;
const documentBytesMax = 65_536;
const keysMax = 20;

/**
 * The keys that the gateway publishes. They are read when the first context comes, again when they
 * are old, and again when a context names a key that is not among them: the gateway has a new one
 * then. All who wait for a reading wait for the same one.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  #keys: ReadonlyMap<string, ContextKey> = new Map();
  #readAtMs = Number.NEGATIVE_INFINITY;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  async find(kid: string): Promise<KeyLookup> {
    if (this.#ageMs() >= freshMs || !this.#keys.has(kid)) await this.#read();
    if (this.#ageMs() >= believedMs) return { kind: "unavailable" };
    const key = this.#keys.get(kid);
    return key === undefined ? { kind: "unknown" } : { kind: "found", key };
  }

  #ageMs(): number {
    const ageMs = this.#options.clock.nowMs() - this.#readAtMs;
    // A clock that was set back says nothing about age.
    return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs;
  }

  #read(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    if (this.#reading === null && nowMs < this.#notBeforeMs && nowMs >= this.#notBeforeMs - cooldownMs) {
      return Promise.resolve();
    }
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { url, clock, fetch } = this.#options;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await fetch(url, { signal, redirect: "error", headers: { accept: "application/json" } });
      const text = await textWithin(answer, documentBytesMax);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.#keys = await importKeys(JSON.parse(text));
      this.#readAtMs = clock.nowMs();
      this.#notBeforeMs = this.#readAtMs + cooldownMs;
    } catch {
      // Those that are known stay known for a while: the gateway may be starting again.
      this.#notBeforeMs = clock.nowMs() + retryMs;
    }
  }
}

async function textWithin(answer: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new Error("the document is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function importKeys(document: unknown): Promise<ReadonlyMap<string, ContextKey>> {
  const { keys: jwks } = document as { readonly keys?: unknown };
  if (!Array.isArray(jwks)) throw new Error("the document has no keys");
  const keys = new Map<string, ContextKey>();
  for (const jwk of (jwks as readonly JWK[]).slice(0, keysMax)) {
    const algorithm = algorithmOf(jwk);
    if (algorithm === null || typeof jwk.kid !== "string") continue;
    const { kty, crv, x, y } = jwk;
    // Only what makes a public key, whatever else the document holds.
    const members = { kty, crv, x, ...(algorithm === "ES256" ? { y } : {}) } as JWK;
    keys.set(jwk.kid, { algorithm, publicKey: (await importJWK(members, algorithm)) as CryptoKey });
  }
  return keys;
}

/** The algorithm follows from the key and never from what it signed. */
function algorithmOf({ kty, crv, use }: JWK): ContextKey["algorithm"] | null {
  if (use !== undefined && use !== "sig") return null;
  if (kty === "EC" && crv === "P-256") return "ES256";
  return kty === "OKP" && crv === "Ed25519" ? "EdDSA" : null;
}
