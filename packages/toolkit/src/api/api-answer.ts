/** The body of an error response (RFC 9457), as far as it is read here. */
export interface ApiProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The values of the request that are wrong, by JSON pointer. */
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Besides those of every request, in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one of the platform's own APIs answered: a body, or a problem that the caller may expect. */
export type ApiAnswer =
  | { readonly kind: "body"; readonly status: number; readonly body: unknown }
  | { readonly kind: "problem"; readonly problem: ApiProblem };

/** The longest that a request may take before the platform counts as gone. */
export const requestTimeoutMs = 30_000;

/** The headers of a request, and its body as JSON. */
export function messageOf(
  token: string,
  request: ApiRequest,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string | undefined } {
  const { method, body } = request;
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  return {
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": type }),
      ...request.headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

/** Reads the answer from the status and text of a response. */
export function answerOf(status: number, text: string): ApiAnswer {
  const body = parseJson(text);
  if (status >= 200 && status < 300) return { kind: "body", status, body };
  return { kind: "problem", problem: problemOf(status, body) };
}

/** What a problem says, with the values that are wrong. */
export function detailOf(problem: ApiProblem): string {
  const values = problem.errors.map(({ pointer, message }) => `${pointer} ${message}`);
  return [problem.detail, ...values].join("; ");
}

function problemOf(status: number, body: unknown): ApiProblem {
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const { code, detail, title, errors: values } = fields;
  return {
    status,
    code: typeof code === "string" ? code : "without a code",
    detail: typeof detail === "string" ? detail : typeof title === "string" ? title : "without a detail",
    errors: Array.isArray(values) ? (values as ApiProblem["errors"]) : [],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why nothing answered, in words: fetch says "fetch failed" and keeps the reason in its cause. */
export function silenceOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  if (failure.name === "TimeoutError") return `no answer within ${requestTimeoutMs / 1_000} s`;
  const cause = failure.cause instanceof Error ? failure.cause : failure;
  return "code" in cause && cause.code === "ECONNREFUSED" ? "nothing listens there" : cause.message;
}
