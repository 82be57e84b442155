import type { IncomingHttpHeaders } from "node:http";
import { errors as joseErrors, jwtVerify } from "jose";
import { type ContextClock, machineClock } from "./clock.ts";
import {
  contextHeader,
  contextLifetimeSecondsMax,
  contextOfClaims,
  contextType,
  hasExactly,
  type TenantContext,
} from "./context-claims.ts";
import { KeySet } from "./key-set.ts";
import type { RefusalCode } from "./refusals.ts";

export interface ContextOptions {
  /** The `iss` of contexts: the platform's issuer. */
  readonly issuer: string;
  /** Where the gateway publishes its keys: `…/.well-known/jwks.json`. */
  readonly jwksUrl: string;
  /** This service: `urn:tenantry:<platform>:service:<name>`. */
  readonly audience: string;
  readonly clock?: ContextClock;
  /** How the keys are read. The platform's own fetch unless said. */
  readonly fetch?: typeof fetch;
}

export type ContextVerdict =
  | { readonly kind: "valid"; readonly context: TenantContext }
  | { readonly kind: "refused"; readonly code: RefusalCode };

export type VerifyHeaders = (headers: IncomingHttpHeaders) => Promise<ContextVerdict>;

/** How far the clocks of gateway and service may be apart. */
const clockToleranceSeconds = 5;
/** Longer texts are refused unread. */
const contextLengthMax = 16_384;
/** Verified texts that are remembered until their time is up: the gateway sends the same one for half a minute. */
const verifiedMax = 2_000;

/**
 * Verifies the contexts of requests. The context chooses nothing: issuer, audience, type and claims
 * are fixed here, and the algorithm is that of the published key.
 *
 * @throws TypeError when an option is missing or is not what it should be
 */
export function verifyTenantContext(options: ContextOptions): VerifyHeaders {
  const { issuer, audience, clock = machineClock } = options;
  requireText("issuer", issuer);
  requireText("audience", audience);
  const keys = new KeySet({ url: jwksUrlOf(options.jwksUrl), clock, fetch: options.fetch ?? fetch });
  const verified = new Map<string, Verified>();

  async function verify(text: string): Promise<Verified> {
    const kid = kidOf(text);
    const lookup = await keys.find(kid);
    if (lookup.kind === "unavailable") throw new RefusedContext("CONTEXT_KEYS_UNAVAILABLE");
    if (lookup.kind === "unknown") throw new RefusedContext("CONTEXT_KEY_UNKNOWN");
    const { algorithm, publicKey } = lookup.key;
    const { payload } = await jwtVerify(text, publicKey, {
      algorithms: [algorithm],
      typ: contextType,
      issuer,
      audience,
      clockTolerance: clockToleranceSeconds,
      // Also refuses an iat that lies in the future.
      maxTokenAge: contextLifetimeSecondsMax,
      currentDate: new Date(clock.nowMs()),
    });
    const context = contextOfClaims(payload);
    const { iat = 0, exp = 0, aud } = payload;
    if (context === null || aud !== audience) throw new RefusedContext("CONTEXT_CLAIMS");
    if (exp <= iat || exp - iat > contextLifetimeSecondsMax) throw new RefusedContext("CONTEXT_EXPIRED");
    return { context, untilMs: exp * 1_000 };
  }

  async function contextOf(text: string): Promise<TenantContext> {
    const nowMs = clock.nowMs();
    const known = verified.get(text);
    if (known !== undefined && nowMs < known.untilMs) return known.context;
    verified.delete(text);
    const fresh = await verify(text);
    if (nowMs < fresh.untilMs) {
      // The oldest goes first: it is the one whose time is up first, too.
      if (verified.size >= verifiedMax) verified.delete(verified.keys().next().value ?? "");
      verified.set(text, fresh);
    }
    return fresh.context;
  }

  return async (headers) => {
    try {
      const context = await contextOf(textOf(headers));
      requireSameTenant(context, headers["x-tenantry-tenant"]);
      return { kind: "valid", context };
    } catch (error) {
      return { kind: "refused", code: codeOf(error) };
    }
  };
}

interface Verified {
  readonly context: TenantContext;
  readonly untilMs: number;
}

class RefusedContext extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}

function textOf(headers: IncomingHttpHeaders): string {
  const field: string | readonly string[] | undefined = headers[contextHeader];
  if (field === undefined || field === "") throw new RefusedContext("CONTEXT_MISSING");
  // Node joins a field that stands twice with a comma.
  if (typeof field !== "string" || field.includes(",")) throw new RefusedContext("CONTEXT_DUPLICATED");
  if (field.length > contextLengthMax) throw new RefusedContext("CONTEXT_MALFORMED");
  return field;
}

const contextPattern = /^([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** The key that the header names, once the header has the three members of ours and no others. */
function kidOf(text: string): string {
  const part = contextPattern.exec(text)?.[1];
  if (part === undefined) throw new RefusedContext("CONTEXT_MALFORMED");
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    throw new RefusedContext("CONTEXT_MALFORMED");
  }
  if (typeof header !== "object" || header === null) throw new RefusedContext("CONTEXT_MALFORMED");
  const { alg, typ, kid } = header as { alg?: unknown; typ?: unknown; kid?: unknown };
  if (typ !== contextType) throw new RefusedContext("CONTEXT_TYPE");
  if (alg !== "ES256" && alg !== "EdDSA") throw new RefusedContext("CONTEXT_ALGORITHM");
  // No key, address of a key or extension can come with the context.
  if (!hasExactly(header, ["alg", "typ", "kid"]) || typeof kid !== "string") {
    throw new RefusedContext("CONTEXT_MALFORMED");
  }
  return kid;
}

/**
 * The gateway also says the tenant in a field that nobody signs. It says the same, so a difference
 * means that the context belongs to another request.
 */
function requireSameTenant(context: TenantContext, said: string | readonly string[] | undefined): void {
  if (said === undefined) return;
  if (context.kind === "site" || said !== context.tenant.id) {
    throw new RefusedContext("CONTEXT_TENANT_MISMATCH");
  }
}

/** An error that is no verdict on the context is a bug, and must not look like a bad context. */
function codeOf(error: unknown): RefusalCode {
  if (error instanceof RefusedContext) return error.code;
  if (error instanceof joseErrors.JWTExpired) return "CONTEXT_EXPIRED";
  if (error instanceof joseErrors.JWTClaimValidationFailed) return codeOfClaim(error.claim);
  if (error instanceof joseErrors.JOSEAlgNotAllowed) return "CONTEXT_ALGORITHM";
  if (error instanceof joseErrors.JWSSignatureVerificationFailed) return "CONTEXT_SIGNATURE";
  if (error instanceof joseErrors.JOSEError) return "CONTEXT_MALFORMED";
  throw error;
}

function codeOfClaim(claim: string): RefusalCode {
  switch (claim) {
    case "iss":
      return "CONTEXT_ISSUER";
    case "aud":
      return "CONTEXT_AUDIENCE";
    case "iat":
    case "nbf":
      return "CONTEXT_EXPIRED";
    case "typ":
      return "CONTEXT_TYPE";
    default:
      return "CONTEXT_CLAIMS";
  }
}

function jwksUrlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new TypeError(`jwksUrl is ${JSON.stringify(text)}: give an http or https URL`);
  }
  return url;
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") {
    throw new TypeError(`${name} is ${JSON.stringify(value)}: give what the platform says`);
  }
}
