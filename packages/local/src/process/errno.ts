import { getSystemErrorMap } from "node:util";

/** Whether a system call failed for one of these reasons. */
export function isErrno(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

/** Why a system call failed, in words: `EACCES` → `permission denied`. */
export function errnoInWords(error: unknown): string {
  const { errno, code, message } = error as NodeJS.ErrnoException;
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  return words ?? code ?? message;
}
