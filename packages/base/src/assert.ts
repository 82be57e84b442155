/**
 * Stops on a bug. Expected failures are coded errors, findings are data; an assertion that
 * fails means that this program is wrong, whatever the input was.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Proves to the compiler that every case of a tagged union is handled. */
export function unreachable(value: never): never {
  throw new AssertionError(`unhandled case: ${JSON.stringify(value)}`);
}

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}
