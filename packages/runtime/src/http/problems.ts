/**
 * Every error that a client can see, in one table (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457).
 * The code is the stable part: programs compare it, and the type URI is made from it. The title
 * never changes for a code; the detail says what was wrong this time.
 */
interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  /** What is said when the place that refuses has nothing more exact to say. */
  readonly detail: string;
}

const table = {
  MALFORMED_REQUEST: {
    status: 400,
    title: "Malformed request",
    detail: "the request is not well-formed HTTP",
  },
  MALFORMED_TARGET: {
    status: 400,
    title: "Malformed request target",
    detail: "the path or query of the request is not well-formed",
  },
  MALFORMED_HOST: {
    status: 400,
    title: "Malformed host",
    detail: "the request needs exactly one Host field that holds a host name and, if any, a port",
  },
  MALFORMED_HEADER: {
    status: 400,
    title: "Malformed header",
    detail: "a header of the request is not well-formed",
  },
  DUPLICATE_HEADER: {
    status: 400,
    title: "Duplicate header",
    detail: "a header that may stand once stands more than once",
  },
  MALFORMED_JSON: {
    status: 400,
    title: "Malformed JSON",
    detail: "the body is not well-formed JSON in UTF-8",
  },
  INVALID_PARAMETER: {
    status: 400,
    title: "Invalid parameter",
    detail: "a parameter of the path or query has a wrong value",
  },
  INVALID_CURSOR: {
    status: 400,
    title: "Invalid cursor",
    detail: "the cursor was not given out by this list; begin again without a cursor",
  },
  PRECONDITION_UNSUPPORTED: {
    status: 400,
    title: "Unsupported precondition",
    detail: "a request that writes takes If-Match and no other precondition",
  },
  TOKEN_MISSING: {
    status: 401,
    title: "Token missing",
    detail: "the request needs one Authorization field with a bearer token",
  },
  TOKEN_INVALID: { status: 401, title: "Token invalid", detail: "the bearer token is not valid here" },
  TOKEN_FOR_ANOTHER_TENANT: {
    status: 403,
    title: "Token for another tenant",
    detail: "the token was issued for another tenant than the one of this host",
  },
  PERMISSION_MISSING: {
    status: 403,
    title: "Permission missing",
    detail: "the role of the token does not include this action",
  },
  INVALID_TENANT: { status: 404, title: "Invalid tenant", detail: "no tenant has this host name" },
  ROUTE_NOT_FOUND: { status: 404, title: "Not found", detail: "nothing is at this path" },
  DOCUMENT_NOT_FOUND: {
    status: 404,
    title: "Document not found",
    detail: "the collection has no document with this id",
  },
  TENANT_NOT_FOUND: { status: 404, title: "Tenant not found", detail: "no tenant has this id" },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "Method not allowed",
    detail: "the path does not support this method; Allow lists those that it does",
  },
  NOT_ACCEPTABLE: {
    status: 406,
    title: "Not acceptable",
    detail: "responses are application/json, which the Accept field excludes",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: "Request timeout",
    detail: "the request did not arrive completely in time",
  },
  TENANT_EXISTS: {
    status: 409,
    title: "Tenant exists",
    detail: "a tenant with this id exists on another tier",
  },
  PRECONDITION_FAILED: {
    status: 412,
    title: "Precondition failed",
    detail: "the document has changed; read it again and repeat the change on its new version",
  },
  BODY_TOO_LARGE: { status: 413, title: "Body too large", detail: "the body is larger than the limit" },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "Unsupported media type",
    detail: "the content type or content encoding of the body is not supported here",
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: "Expectation failed",
    detail: "the only expectation that is supported is 100-continue",
  },
  INVALID_BODY: { status: 422, title: "Invalid body", detail: "the body has wrong values" },
  PRECONDITION_REQUIRED: {
    status: 428,
    title: "Precondition required",
    detail: "replacing a document needs If-Match with the ETag of the version that is replaced",
  },
  RATE_LIMITED: {
    status: 429,
    title: "Rate limited",
    detail: "more requests came than the limit allows; wait as long as Retry-After says",
  },
  CONCURRENCY_LIMITED: {
    status: 429,
    title: "Concurrency limited",
    detail: "the tenant has as many requests in flight and waiting as it may; send fewer at once",
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: "Headers too large",
    detail: "the request line and the headers are larger than the limit",
  },
  INTERNAL: {
    status: 500,
    title: "Internal error",
    detail: "the request failed for a reason that is ours; it is logged under the request id",
  },
  SERVICE_FAILED: {
    status: 502,
    title: "Service failed",
    detail: "the service behind this path ended the exchange",
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    title: "Service unavailable",
    detail: "the service behind this path does not accept connections",
  },
  TENANT_NOT_READY: {
    status: 503,
    title: "Tenant not ready",
    detail: "the tenant is being set up; try again soon",
  },
  TENANT_UNAVAILABLE: {
    status: 503,
    title: "Tenant unavailable",
    detail: "the tenant could not be set up; its operator has to look at it",
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    title: "Database unavailable",
    detail: "the database did not answer; try again soon",
  },
  NOT_READY: { status: 503, title: "Not ready", detail: "this server does not take requests at the moment" },
  OVERLOADED: {
    status: 503,
    title: "Overloaded",
    detail: "the request did not get its turn in time; try again soon",
  },
  HANDLING_TIMEOUT: {
    status: 503,
    title: "Handling timeout",
    detail: "the request took too long and was given up",
  },
  SERVICE_TIMEOUT: {
    status: 504,
    title: "Service timeout",
    detail: "the service behind this path did not answer in time",
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;

export type ProblemCode = keyof typeof table;

export const problemTable: Readonly<Record<ProblemCode, ProblemEntry>> = Object.freeze(table);
export const problemCodes = Object.freeze(Object.keys(table).sort()) as readonly ProblemCode[];

/** One value of a request that is wrong. */
export interface ProblemLocation {
  /** A JSON pointer (RFC 6901) into the body, or into `{ path, query, headers }`. */
  readonly pointer: string;
  readonly message: string;
}

/** The body of every error response. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly errors?: readonly ProblemLocation[];
}

export const problemMediaType = "application/problem+json";

/** An error response on its way out: thrown by whatever refuses a request, sent by the listener. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly statusCode: number;
  readonly detail: string;
  readonly errors: readonly ProblemLocation[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Why, for the log only. */
  readonly reason: string | undefined;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    const detail = options.detail ?? problemTable[code].detail;
    super(detail);
    this.code = code;
    this.statusCode = problemTable[code].status;
    this.detail = detail;
    this.errors = options.errors;
    this.headers = options.headers;
    this.reason = options.reason;
  }
}

export interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly ProblemLocation[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/** The type URI of a code: `TOKEN_INVALID` → `urn:tenantry:problem:token-invalid`. */
export function problemType(code: ProblemCode): string {
  return `urn:tenantry:problem:${code.toLowerCase().replaceAll("_", "-")}`;
}

export function problemBody(problem: ProblemError, requestId: string): ProblemBody {
  return {
    type: problemType(problem.code),
    title: problemTable[problem.code].title,
    status: problem.statusCode,
    detail: problem.detail,
    code: problem.code,
    requestId,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}
