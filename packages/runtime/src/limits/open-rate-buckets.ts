import { assert, type Clock } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import type { ControlDatabase } from "../database/control-database.ts";
import { errors } from "../errors.ts";
import type { ApiLimits } from "../http/api-limits.ts";
import type { Log } from "../http/log-entry.ts";
import { MemoryRateBuckets } from "./memory-rate-buckets.ts";
import { PostgresRateBuckets } from "./postgres-rate-buckets.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import { RedisRateBuckets } from "./redis-rate-buckets.ts";
import type { BackendState, SharedRateBuckets } from "./shared-rate-buckets.ts";

/** Where the tenants' rates are counted: by each process for itself, or by all together. */
export type LimitsBackend = "memory" | "redis" | "postgres";

/** More than a platform has tenants; a bucket in use costs about 200 bytes. */
const bucketsMax = 100_000;

export interface OpenRateBuckets extends AsyncDisposable {
  readonly buckets: RateBuckets;
}

/**
 * The buckets of the tenants' rates: shared with other processes in Redis or in PostgreSQL, or in
 * memory. A backend that cannot be reached keeps nothing from starting.
 *
 * @throws CodedError RUNTIME_REDIS_URL
 */
export async function openRateBuckets(options: {
  readonly platform: Platform;
  /** Redis where it has an address, memory otherwise. */
  readonly backend: LimitsBackend | undefined;
  readonly redisUrl: string | undefined;
  readonly control: Pick<ControlDatabase, "query"> | undefined;
  readonly limits: ApiLimits;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<OpenRateBuckets> {
  const { platform, redisUrl, control, limits, clock, log } = options;
  const backend = options.backend ?? (redisUrl === undefined ? "memory" : "redis");
  const local = new MemoryRateBuckets({ clock, bucketsMax });
  if (backend === "memory") return { buckets: local, [Symbol.asyncDispose]: async () => undefined };
  const common = {
    local,
    clock,
    timeoutMs: limits.redisTimeoutMs,
    retryMs: limits.redisRetryMs,
    onState: (state: BackendState) =>
      log({
        kind: "shared-limits",
        time: new Date(clock.nowMs()).toISOString(),
        state: state.kind,
        reason: state.kind === "away" ? state.reason : null,
      }),
  };
  let buckets: SharedRateBuckets;
  if (backend === "postgres") {
    assert(control !== undefined, "the runtime has no control database to count in");
    buckets = new PostgresRateBuckets({ ...common, control, prefix: `${platform.environment}/` });
  } else {
    const prefix = `tenantry:${platform.name}:${platform.environment}:rate:`;
    buckets = new RedisRateBuckets({ ...common, url: requireRedisUrl(redisUrl), prefix });
  }
  await buckets.ready;
  return { buckets, [Symbol.asyncDispose]: () => buckets[Symbol.asyncDispose]() };
}

/** The message names the scheme only: the rest may hold a password. */
function requireRedisUrl(text: string | undefined): string {
  const scheme = text !== undefined && URL.canParse(text) ? new URL(text).protocol : "";
  if (text === undefined || (scheme !== "redis:" && scheme !== "rediss:"))
    throw errors.RUNTIME_REDIS_URL({ scheme });
  return text;
}
