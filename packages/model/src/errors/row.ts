import type { ErrorEntry } from "@tenantry/base";

/** A row of the error table. No mistake in a definition goes away by trying again. */
export function row<P>(message: (params: P) => string, fix: (params: P) => string): ErrorEntry<P> {
  return { message, fix, retriable: false };
}
