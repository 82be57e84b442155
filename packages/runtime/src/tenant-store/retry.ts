import { type Clock, isCodedError, type Random } from "@tenantry/base";
import { isSqlError } from "../database/sql-error.ts";

/** How long, and by which clock, something is tried again. */
export interface RetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** No new attempt begins later than this after the first. */
  readonly retryForMs: number;
}

const pauseMsMin = 20;
const pauseMsMax = 250;

/**
 * Tries again while `mayRetry` says that the failure left nothing behind, with pauses that grow and
 * differ, so that requests which failed together do not come back together.
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  mayRetry: (error: unknown) => boolean,
  { clock, random, retryForMs }: RetryOptions,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const untilMs = clock.monotonicMs() + retryForMs;
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pauseMs = Math.min(pauseMsMax, pauseMsMin * 2 ** failures) * (0.5 + random.unit() / 2);
      if (signal?.aborted === true || !mayRetry(error) || clock.monotonicMs() + pauseMs > untilMs)
        throw error;
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** No session was opened, so nothing was sent: the server is away, or is starting or stopping. */
export function isUnreachable(error: unknown): boolean {
  return isCodedError(error) && error.code === "RUNTIME_DATABASE_UNAVAILABLE";
}

/** The server undid the transaction because of another one, and says so (40001, 40P01). */
export function isUndone(error: unknown): boolean {
  return isSqlError(error) && (error.code === "40001" || error.code === "40P01");
}
