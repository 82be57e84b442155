/** Why a request has no context that can be believed. The code is the stable part. */
export const refusals = Object.freeze({
  CONTEXT_MISSING: { status: 403, detail: "the request did not come through the gateway" },
  CONTEXT_DUPLICATED: { status: 403, detail: "the request has more than one context" },
  CONTEXT_MALFORMED: { status: 403, detail: "the context is not a signed text of the gateway's form" },
  CONTEXT_TYPE: { status: 403, detail: "the signed text is of another type than a context" },
  CONTEXT_ALGORITHM: { status: 403, detail: "the context names another algorithm than its key has" },
  CONTEXT_KEY_UNKNOWN: {
    status: 403,
    detail: "the context is signed with a key that the gateway does not publish",
  },
  CONTEXT_SIGNATURE: { status: 403, detail: "the signature of the context is wrong" },
  CONTEXT_ISSUER: { status: 403, detail: "the context comes from another issuer" },
  CONTEXT_AUDIENCE: { status: 403, detail: "the context is for another service" },
  CONTEXT_EXPIRED: { status: 403, detail: "the time of the context is up, or has not come" },
  CONTEXT_CLAIMS: { status: 403, detail: "the context has other claims than a context has" },
  CONTEXT_TENANT_MISMATCH: {
    status: 403,
    detail: "the context is of another tenant than the one that the gateway found for this request",
  },
  CONTEXT_KEYS_UNAVAILABLE: {
    status: 503,
    detail: "the gateway's keys cannot be read at the moment; try again soon",
  },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly detail: string }>>);

export type RefusalCode = keyof typeof refusals;

/** What a request is answered that was refused: a problem (RFC 9457). */
export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function refusalAnswer(code: RefusalCode): RefusalAnswer {
  const { status, detail } = refusals[code];
  const title = status === 503 ? "Context keys unavailable" : "Context refused";
  const type = `urn:tenantry:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  const body = JSON.stringify({ type, title, status, detail, code });
  const headers = {
    "content-type": "application/problem+json",
    "content-length": String(Buffer.byteLength(body)),
    "cache-control": "no-store",
    ...(status === 503 ? { "retry-after": "1" } : {}),
  };
  return { status, headers, body };
}
