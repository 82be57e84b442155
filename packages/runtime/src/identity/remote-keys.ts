import { type Clock, isCodedError } from "@tenantry/base";
import {
  createRemoteJWKSet,
  customFetch,
  errors as joseErrors,
  type FlattenedJWSInput,
  type JWTHeaderParameters,
  type JWTVerifyGetKey,
} from "jose";

export interface RemoteKeysOptions {
  readonly issuer: string;
  /** Found by discovery (OpenID Connect Discovery 1.0) without it. */
  readonly jwksUri: string | undefined;
  readonly clock: Clock;
}

/** How long the issuer may take to answer. */
const timeoutMs = 3_000;
/** How long it is left alone after it failed to answer, and after a kid that it did not have. */
const cooldownMs = 5_000;
const unknownKidCooldownMs = 30_000;
/** How long its keys are believed without asking again. */
const keysAgeMsMax = 600_000;
const responseBytesMax = 262_144;

/** The issuer did not say what its keys are, which says nothing about the token. */
export class IssuerUnreachable extends Error {
  override readonly name = "IssuerUnreachable";
  readonly retryAfterSeconds = Math.ceil(cooldownMs / 1_000);
}

/**
 * The keys of another issuer, fetched when they are needed and kept for a while. An issuer that
 * does not answer is asked again only after a pause, so that its tokens cost a request little.
 */
export class RemoteKeys {
  readonly #options: RemoteKeysOptions;
  #keys: JWTVerifyGetKey | null = null;
  #finding: Promise<JWTVerifyGetKey> | null = null;
  #failed: { readonly atMs: number; readonly reason: string } | null = null;

  constructor(options: RemoteKeysOptions) {
    this.#options = options;
  }

  /** The key of a token. @throws IssuerUnreachable, or what jose says where there is no such key */
  async keyOf(header: JWTHeaderParameters, token: FlattenedJWSInput) {
    const { clock, issuer } = this.#options;
    if (this.#failed !== null && clock.monotonicMs() - this.#failed.atMs < cooldownMs) {
      throw new IssuerUnreachable(this.#failed.reason);
    }
    try {
      this.#keys ??= await (this.#finding ??= this.#find());
      const key = await this.#keys(header, token);
      this.#failed = null;
      return key;
    } catch (error) {
      if (isVerdict(error)) throw error;
      const reason = `${issuer}: ${reasonOf(error)}`;
      this.#failed = { atMs: clock.monotonicMs(), reason };
      throw new IssuerUnreachable(reason, { cause: error });
    }
  }

  async #find(): Promise<JWTVerifyGetKey> {
    try {
      const uri = this.#options.jwksUri ?? (await discoverKeys(this.#options.issuer));
      return createRemoteJWKSet(new URL(uri), {
        timeoutDuration: timeoutMs,
        cooldownDuration: unknownKidCooldownMs,
        cacheMaxAge: keysAgeMsMax,
        [customFetch]: boundedFetch,
      });
    } finally {
      this.#finding = null;
    }
  }
}

/** The address of the keys from the issuer's own description of itself, which must be the one that was asked for. */
async function discoverKeys(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await boundedFetch(url, {
    headers: { accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) throw new Error(`its description was answered with ${response.status}`);
  const { issuer: described, jwks_uri: uri } = (await response.json()) as Record<string, unknown>;
  if (described !== issuer) throw new Error("its description is that of another issuer");
  if (typeof uri !== "string" || !isSafeUrl(uri)) throw new Error("its keys do not come over https");
  return uri;
}

/** Node's fetch, with an end to how much it reads. */
async function boundedFetch(url: string | URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > responseBytesMax) throw new Error(`it answered with more than ${responseBytesMax} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status, headers: response.headers });
}

/** Whether an error is about the token: all others are about reaching the issuer. */
function isVerdict(error: unknown): boolean {
  return (
    error instanceof joseErrors.JWKSNoMatchingKey ||
    error instanceof joseErrors.JWKSMultipleMatchingKeys ||
    error instanceof joseErrors.JOSENotSupported
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof joseErrors.JOSEError || isCodedError(error)) return error.code;
  return error instanceof Error ? error.message : String(error);
}

const loopback = /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** https anywhere; http on this machine only. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && loopback.test(hostname));
}
