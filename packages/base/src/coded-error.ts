/**
 * Expected failures. Each package keeps one table of them (`src/errors.ts`), so that a code
 * is written once, documented once, and found by whoever reads a log at night.
 */

/** One row of a package's error table. `P` is what the message needs to name the wrong value. */
export interface ErrorEntry<P> {
  /** Lower case, without a full stop, with the wrong value in it. */
  readonly message: (params: P) => string;
  /** What to change, as an instruction. */
  readonly fix: (params: P) => string;
  /** Whether the same request can succeed later without a change. */
  readonly retriable: boolean;
}

type ParamsOf<E> = E extends { readonly message: (params: infer P) => string } ? P : never;

/** Marks coded errors across copies of this module, where `instanceof` would fail. */
const brand = Symbol.for("tenantry.coded-error");

export class CodedError extends Error {
  override readonly name = "CodedError";
  readonly code: string;
  readonly fix: string;
  readonly retriable: boolean;
  /** The values that the message names, for machines. */
  readonly params: Readonly<Record<string, unknown>>;

  constructor(init: {
    readonly code: string;
    readonly message: string;
    readonly fix: string;
    readonly retriable: boolean;
    readonly params: Readonly<Record<string, unknown>>;
    readonly cause?: unknown;
  }) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.fix = init.fix;
    this.retriable = init.retriable;
    this.params = init.params;
    Object.defineProperty(this, brand, { value: true });
  }
}

export function isCodedError(value: unknown): value is CodedError {
  return typeof value === "object" && value !== null && brand in value;
}

/** The factories of a table: `errors.LOCAL_PORT_TAKEN({ port: 8080 })` makes the error. */
export type ErrorFactories<T> = {
  readonly [Code in keyof T]: (params: ParamsOf<T[Code]>, cause?: unknown) => CodedError;
} & { readonly codes: readonly string[] };

/**
 * Makes a factory for each row of the table. The code is the key: it cannot be typed twice.
 *
 * @example
 * const errors = defineErrors({
 *   LOCAL_PORT_TAKEN: {
 *     message: ({ port }: { port: number }) => `port ${port} is taken`,
 *     fix: () => "stop the other program, or pass --port",
 *     retriable: true,
 *   },
 * });
 * throw errors.LOCAL_PORT_TAKEN({ port: 8080 });
 */
export function defineErrors<const T extends Readonly<Record<string, ErrorEntry<never>>>>(
  table: T,
): ErrorFactories<T> {
  const factories: Record<string, unknown> = { codes: Object.freeze(Object.keys(table).sort()) };
  for (const [code, entry] of Object.entries(table)) {
    factories[code] = (params: never, cause?: unknown) =>
      new CodedError({
        code,
        message: entry.message(params),
        fix: entry.fix(params),
        retriable: entry.retriable,
        params: Object.freeze({ ...(params as Record<string, unknown> | undefined) }),
        cause,
      });
  }
  return Object.freeze(factories) as ErrorFactories<T>;
}
