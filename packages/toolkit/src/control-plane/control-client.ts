import { errors } from "../errors.ts";

/** The longest that a request may take before the control plane counts as gone. */
const requestTimeoutMs = 10_000;

/** The body of an error response (RFC 9457), as far as it is read here. */
export interface ControlProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The values of the request that are wrong, by JSON pointer. */
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
}

export interface ControlAddress {
  /** Such as http://127.0.0.1:8081. */
  readonly url: string;
  /** A token with the role operator. */
  readonly token: string;
}

export interface ControlRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
}

/** What the control plane answered: a body, or a problem that the caller may expect. */
export type ControlAnswer =
  | { readonly kind: "body"; readonly status: number; readonly body: unknown }
  | { readonly kind: "problem"; readonly problem: ControlProblem };

/**
 * Asks the control plane.
 *
 * @throws TOOLKIT_CONTROL_UNREACHABLE when nothing that speaks HTTP answers in time
 */
export async function askControlPlane(
  { url, token }: ControlAddress,
  request: ControlRequest,
  fetchFn: typeof fetch,
): Promise<ControlAnswer> {
  try {
    const response = await fetchFn(new URL(request.path, url), {
      method: request.method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const body = parseJson(await response.text());
    if (response.ok) return { kind: "body", status: response.status, body };
    return { kind: "problem", problem: problemOf(response.status, body) };
  } catch (failure) {
    throw errors.TOOLKIT_CONTROL_UNREACHABLE({ url, detail: reasonOf(failure) }, failure);
  }
}

/** The error for a problem that the caller has no better words for. */
export function unexpected(problem: ControlProblem) {
  const { status, code } = problem;
  const values = problem.errors.map(({ pointer, message }) => `${pointer} ${message}`);
  const detail = [problem.detail, ...values].join("; ");
  return status >= 500
    ? errors.TOOLKIT_CONTROL_FAILED({ status, code, detail })
    : errors.TOOLKIT_CONTROL_REFUSED({ status, code, detail });
}

function problemOf(status: number, body: unknown): ControlProblem {
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const { code, detail, title, errors: values } = fields;
  return {
    status,
    code: typeof code === "string" ? code : "without a code",
    detail: typeof detail === "string" ? detail : typeof title === "string" ? title : "without a detail",
    errors: Array.isArray(values) ? (values as ControlProblem["errors"]) : [],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch says "fetch failed" and keeps the reason in its cause. */
function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  if (failure.name === "TimeoutError") return `no answer within ${requestTimeoutMs / 1_000} s`;
  const cause = failure.cause;
  if (cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED")
    return "nothing listens there";
  return cause instanceof Error ? cause.message : failure.message;
}
