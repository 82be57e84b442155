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
  SIGN_IN_FAILED: {
    status: 401,
    title: "Sign-in failed",
    detail: "no member can sign in with this mail address and password",
  },
  TOKEN_FOR_ANOTHER_TENANT: {
    status: 403,
    title: "Token for another tenant",
    detail: "the token was issued for another tenant than the one of this host",
  },
  PERMISSION_MISSING: {
    status: 403,
    title: "Permission missing",
    detail: "the role of the token, or the API key, does not include this action",
  },
  PERMISSIONS_EXCEEDED: {
    status: 403,
    title: "Permissions exceeded",
    detail: "nobody can give permissions that they do not have themselves",
  },
  OWNER_REQUIRED: {
    status: 403,
    title: "Owner required",
    detail: "only an owner makes, changes or removes an owner",
  },
  MEMBER_REQUIRED: {
    status: 403,
    title: "Member required",
    detail: "an API key cannot create API keys; ask with the token of a member",
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: "Origin refused",
    detail:
      "a page of another origin may open a WebSocket only with a token, as the subprotocol bearer.<token>",
  },
  TENANT_SUSPENDED: {
    status: 403,
    title: "Tenant suspended",
    detail: "the tenant is suspended; its data is kept, and its operator can resume it",
  },
  INVALID_TENANT: { status: 404, title: "Invalid tenant", detail: "no tenant has this host name" },
  ROUTE_NOT_FOUND: { status: 404, title: "Not found", detail: "nothing is at this path" },
  DOCUMENT_NOT_FOUND: {
    status: 404,
    title: "Document not found",
    detail: "the collection has no document with this id",
  },
  ROLE_NOT_FOUND: { status: 404, title: "Role not found", detail: "the tenant has no role of this name" },
  MEMBER_NOT_FOUND: {
    status: 404,
    title: "Member not found",
    detail: "the tenant has no member with this id",
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    title: "API key not found",
    detail: "the tenant has no API key with this id",
  },
  SIGN_IN_NOT_FOUND: { status: 404, title: "Sign-in not found", detail: "there is no sign-in with this id" },
  INVITATION_NOT_FOUND: {
    status: 404,
    title: "Invitation not found",
    detail: "there is no such invitation, or it was accepted, replaced, or has expired",
  },
  FILE_NOT_FOUND: { status: 404, title: "File not found", detail: "the tenant has no file with this id" },
  TENANT_NOT_FOUND: { status: 404, title: "Tenant not found", detail: "no tenant has this id" },
  WEBHOOK_NOT_FOUND: { status: 404, title: "Webhook not found", detail: "no webhook has this id" },
  DELIVERY_NOT_FOUND: {
    status: 404,
    title: "Delivery not found",
    detail: "the webhook has no delivery with this id, or no longer",
  },
  OPERATION_NOT_FOUND: {
    status: 404,
    title: "Operation not found",
    detail: "no operation has this id",
  },
  EXPORT_NOT_FOUND: {
    status: 404,
    title: "Export not found",
    detail: "there is no finished export of this id, or it was removed with its tenant",
  },
  CERTIFICATE_NOT_FOUND: {
    status: 404,
    title: "Certificate not found",
    detail: "no tenant of this id was offboarded here",
  },
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
  TENANT_STATUS_CONFLICT: {
    status: 409,
    title: "Tenant status conflict",
    detail: "the status of the tenant does not allow this",
  },
  OPERATION_RUNNING: {
    status: 409,
    title: "Operation running",
    detail: "another operation works on the tenant; wait until it has ended, or cancel it",
  },
  OPERATION_NOT_CANCELLABLE: {
    status: 409,
    title: "Operation not cancellable",
    detail: "the operation has ended, or has done what cannot be taken back",
  },
  ROLE_BUILT_IN: {
    status: 409,
    title: "Role built in",
    detail: "every tenant has this role as it is; choose another name for a role of your own",
  },
  ROLE_IN_USE: {
    status: 409,
    title: "Role in use",
    detail: "members or open invitations have this role; give them another one first",
  },
  LAST_OWNER: {
    status: 409,
    title: "Last owner",
    detail: "this is the last active owner; make another member an owner first",
  },
  TOO_MANY_API_KEYS: {
    status: 409,
    title: "Too many API keys",
    detail: "the tenant has as many API keys as it may; revoke one that is not needed",
  },
  MEMBER_EXISTS: {
    status: 409,
    title: "Member exists",
    detail: "the tenant has a member with this mail address already",
  },
  MEMBER_LIMIT_REACHED: {
    status: 409,
    title: "Member limit reached",
    detail: "members and open invitations are as many as the tenant's tier allows",
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: "Idempotency key in use",
    detail: "a request with this Idempotency-Key is under way; repeat yours when Retry-After is over",
  },
  IDEMPOTENCY_KEY_SPENT: {
    status: 409,
    title: "Idempotency key spent",
    detail: "the request was done before; its answer held a secret that is shown once, so make a new one",
  },
  STORAGE_EXHAUSTED: {
    status: 409,
    title: "Storage exhausted",
    detail: "the file does not fit into what the tenant's tier may store; delete files first",
  },
  BULK_REFUSED: {
    status: 409,
    title: "Bulk refused",
    detail: "an operation cannot be done, so none was; errors says which, and why",
  },
  TOO_MANY_WEBHOOKS: {
    status: 409,
    title: "Too many webhooks",
    detail: "the platform has as many webhooks as it may; remove one first",
  },
  WEBHOOK_DISABLED: {
    status: 409,
    title: "Webhook disabled",
    detail: "the webhook is disabled because it failed for days; test it, and when that succeeds repeat this",
  },
  TENANT_OFFBOARDED: {
    status: 410,
    title: "Tenant offboarded",
    detail: "the tenant has left, and its data is being removed",
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
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: "Range not satisfiable",
    detail: "the file ends before the range that was asked for begins",
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: "Expectation failed",
    detail: "the only expectation that is supported is 100-continue",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: "Idempotency key reused",
    detail: "another request was sent with this Idempotency-Key; each request needs a key of its own",
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
  SIGN_IN_BLOCKED: {
    status: 429,
    title: "Sign-in blocked",
    detail: "too many sign-ins with this mail address have failed; wait as long as Retry-After says",
  },
  CONCURRENCY_LIMITED: {
    status: 429,
    title: "Concurrency limited",
    detail: "the tenant has as many requests in flight and waiting as it may; send fewer at once",
  },
  STREAMS_LIMITED: {
    status: 429,
    title: "Streams limited",
    detail: "the tenant has as many WebSockets and event streams open as it may; close some of them",
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
  TENANT_MOVING: {
    status: 503,
    title: "Tenant moving",
    detail: "the data of the tenant is moved, and can only be read meanwhile; try again soon",
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    title: "Outcome unknown",
    detail:
      "the connection to the database broke in the middle, and a change may have been kept; read before you repeat it, or repeat it with the same Idempotency-Key",
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    title: "Database unavailable",
    detail: "the database did not answer; try again soon",
  },
  ISSUER_UNAVAILABLE: {
    status: 503,
    title: "Issuer unavailable",
    detail: "the issuer of the token does not say what its keys are; try again soon",
  },
  FILES_UNAVAILABLE: {
    status: 503,
    title: "Files unavailable",
    detail: "the store of files did not answer; try again soon",
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
