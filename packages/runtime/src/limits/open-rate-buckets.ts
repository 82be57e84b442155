import type { Clock } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { errors } from "../errors.ts";
import type { ApiLimits } from "../http/api-limits.ts";
import type { Log } from "../http/log-entry.ts";
import { MemoryRateBuckets } from "./memory-rate-buckets.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import { RedisRateBuckets } from "./redis-rate-buckets.ts";

/** More than a platform has tenants; a bucket in use costs about 200 bytes. */
const bucketsMax = 100_000;

export interface OpenRateBuckets extends AsyncDisposable {
  readonly buckets: RateBuckets;
}

/**
 * The buckets of the tenants' rates: in Redis where there is one, shared with other processes, and
 * in memory where there is none. A Redis that cannot be reached keeps nothing from starting.
 *
 * @throws CodedError RUNTIME_REDIS_URL
 */
export async function openRateBuckets(options: {
  readonly platform: Platform;
  readonly redisUrl: string | undefined;
  readonly limits: ApiLimits;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<OpenRateBuckets> {
  const { platform, redisUrl, limits, clock, log } = options;
  const local = new MemoryRateBuckets({ clock, bucketsMax });
  if (redisUrl === undefined) return { buckets: local, [Symbol.asyncDispose]: async () => undefined };
  requireRedisUrl(redisUrl);
  const buckets = new RedisRateBuckets({
    url: redisUrl,
    prefix: `tenantry:${platform.name}:${platform.environment}:rate:`,
    local,
    clock,
    timeoutMs: limits.redisTimeoutMs,
    retryMs: limits.redisRetryMs,
    onState: (state) =>
      log({
        kind: "shared-limits",
        time: new Date(clock.nowMs()).toISOString(),
        state: state.kind,
        reason: state.kind === "away" ? state.reason : null,
      }),
  });
  await buckets.ready;
  return { buckets, [Symbol.asyncDispose]: () => buckets[Symbol.asyncDispose]() };
}

/** The message names the scheme only: the rest may hold a password. */
function requireRedisUrl(text: string): void {
  const scheme = URL.canParse(text) ? new URL(text).protocol : "";
  if (scheme !== "redis:" && scheme !== "rediss:") throw errors.RUNTIME_REDIS_URL({ scheme });
}
