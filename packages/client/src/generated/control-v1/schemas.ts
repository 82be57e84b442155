// Written by tools/generate-client.ts: change the API, and run that.

/** A JSON object, at most 30 levels deep. Of a key that stands twice the last one counts. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What comes back as it went in: numbers are doubles, and text has no U+0000. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** Nothing more needs to be said. */
export type NoInput = Readonly<Record<string, never>>;

/** Something that is done to a tenant, in steps that survive crashes. One that waits does so for its time, such as the end of a grace period. */
export interface Operation {
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
  } | null;
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly kind: "onboard" | "suspend" | "resume" | "move" | "export" | "offboard";
  readonly requestedBy: string;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly state: "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";
  readonly steps: readonly {
    readonly detail: string | null;
    readonly endedAt: string | null;
    readonly name: string;
    readonly startedAt: string | null;
    readonly state: "pending" | "running" | "waiting" | "succeeded" | "failed" | "skipped";
  }[];
  readonly tenant: string;
  readonly updatedAt: string;
}

/** What went wrong (RFC 9457). The code is stable; the type is made from it. */
export interface Problem {
  readonly code:
    | "API_KEY_NOT_FOUND"
    | "BODY_TOO_LARGE"
    | "BULK_REFUSED"
    | "CERTIFICATE_NOT_FOUND"
    | "CONCURRENCY_LIMITED"
    | "DATABASE_UNAVAILABLE"
    | "DELIVERY_NOT_FOUND"
    | "DOCUMENT_NOT_FOUND"
    | "DUPLICATE_HEADER"
    | "EXPECTATION_FAILED"
    | "EXPORT_NOT_FOUND"
    | "FILES_UNAVAILABLE"
    | "FILE_NOT_FOUND"
    | "HANDLING_TIMEOUT"
    | "HEADERS_TOO_LARGE"
    | "IDEMPOTENCY_KEY_IN_USE"
    | "IDEMPOTENCY_KEY_REUSED"
    | "IDEMPOTENCY_KEY_SPENT"
    | "INTERNAL"
    | "INVALID_BODY"
    | "INVALID_CURSOR"
    | "INVALID_PARAMETER"
    | "INVALID_TENANT"
    | "INVITATION_NOT_FOUND"
    | "ISSUER_UNAVAILABLE"
    | "LAST_OWNER"
    | "MALFORMED_HEADER"
    | "MALFORMED_HOST"
    | "MALFORMED_JSON"
    | "MALFORMED_REQUEST"
    | "MALFORMED_TARGET"
    | "MEMBER_EXISTS"
    | "MEMBER_LIMIT_REACHED"
    | "MEMBER_NOT_FOUND"
    | "MEMBER_REQUIRED"
    | "METHOD_NOT_ALLOWED"
    | "NOT_ACCEPTABLE"
    | "NOT_READY"
    | "OPERATION_NOT_CANCELLABLE"
    | "OPERATION_NOT_FOUND"
    | "OPERATION_RUNNING"
    | "ORIGIN_REFUSED"
    | "OUTCOME_UNKNOWN"
    | "OVERLOADED"
    | "OWNER_REQUIRED"
    | "PERMISSIONS_EXCEEDED"
    | "PERMISSION_MISSING"
    | "PRECONDITION_FAILED"
    | "PRECONDITION_REQUIRED"
    | "PRECONDITION_UNSUPPORTED"
    | "RANGE_NOT_SATISFIABLE"
    | "RATE_LIMITED"
    | "REQUEST_TIMEOUT"
    | "ROLE_BUILT_IN"
    | "ROLE_IN_USE"
    | "ROLE_NOT_FOUND"
    | "ROUTE_NOT_FOUND"
    | "SERVICE_FAILED"
    | "SERVICE_TIMEOUT"
    | "SERVICE_UNAVAILABLE"
    | "SIGN_IN_BLOCKED"
    | "SIGN_IN_FAILED"
    | "SIGN_IN_NOT_FOUND"
    | "STORAGE_EXHAUSTED"
    | "STREAMS_LIMITED"
    | "TENANT_EXISTS"
    | "TENANT_MOVING"
    | "TENANT_NOT_FOUND"
    | "TENANT_NOT_READY"
    | "TENANT_OFFBOARDED"
    | "TENANT_STATUS_CONFLICT"
    | "TENANT_SUSPENDED"
    | "TENANT_UNAVAILABLE"
    | "TOKEN_FOR_ANOTHER_TENANT"
    | "TOKEN_INVALID"
    | "TOKEN_MISSING"
    | "TOO_MANY_API_KEYS"
    | "TOO_MANY_WEBHOOKS"
    | "UNSUPPORTED_MEDIA_TYPE"
    | "WEBHOOK_DISABLED"
    | "WEBHOOK_NOT_FOUND";
  readonly detail: string;
  readonly errors?:
    | readonly {
        readonly message: string;
        readonly pointer: string;
      }[]
    | undefined;
  readonly requestId: string;
  readonly status: number;
  readonly title: string;
  readonly type: string;
}
