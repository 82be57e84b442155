/** The body of an error response (RFC 9457). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

/** The API has refused a request, and said why. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly status: number;
  /** Stable; what programs compare. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** The values of the request that are wrong, if it was that. */
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  readonly requestId: string;
  /** How long to wait before trying again, where the API says so. */
  readonly retryAfterSeconds: number | null;

  constructor(body: ProblemBody, retryAfterSeconds: number | null) {
    super(`${body.title}: ${body.detail}`);
    this.status = body.status;
    this.code = body.code;
    this.title = body.title;
    this.detail = body.detail;
    this.errors = body.errors ?? [];
    this.requestId = body.requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Something answered that is not the API, such as a proxy on the way. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
  readonly status: number;
  readonly mediaType: string;
  /** How the answer begins. */
  readonly excerpt: string;

  constructor(status: number, mediaType: string, text: string) {
    super(
      `the answer with status ${status} is ${mediaType === "" ? "of no type" : mediaType} and no problem`,
    );
    this.status = status;
    this.mediaType = mediaType;
    this.excerpt = text.slice(0, 500);
  }
}

/** Reads an answer that is not a success. */
export async function errorOf(response: Response): Promise<ProblemError | UnexpectedAnswerError> {
  const mediaType = response.headers.get("content-type") ?? "";
  const text = await response.text().catch(() => "");
  const body = mediaType.startsWith("application/problem+json") ? parse(text) : null;
  if (body === null) return new UnexpectedAnswerError(response.status, mediaType, text);
  const seconds = Number(response.headers.get("retry-after") ?? "none");
  return new ProblemError(body, Number.isFinite(seconds) ? seconds : null);
}

function parse(text: string): ProblemBody | null {
  try {
    const value = JSON.parse(text) as Partial<ProblemBody> | null;
    return typeof value?.code === "string" && typeof value.status === "number"
      ? (value as ProblemBody)
      : null;
  } catch {
    return null;
  }
}
