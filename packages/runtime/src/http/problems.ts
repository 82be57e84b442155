import { type ProblemCode, problemTable } from "./problem-table.ts";

export { type ProblemCode, problemCodes, problemTable } from "./problem-table.ts";

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
