import type { Clock, Random } from "@tenantry/base";
import { codedFailure, isTransient, readFailure } from "./cloud-failure.ts";
import { TokenBucket, type TokenBucketOptions } from "./token-bucket.ts";

export interface CloudCallsOptions {
  /** The rate of calls for each service and region. */
  readonly rate: TokenBucketOptions;
  /** How often one call is tried in all. */
  readonly attemptsMax: number;
  /** The longest pause before the first repetition; it doubles with each one. */
  readonly pauseMs: number;
  readonly pauseMaxMs: number;
}

export const defaultCloudCalls: CloudCallsOptions = Object.freeze({
  rate: Object.freeze({ perSecond: 8, burst: 16 }),
  attemptsMax: 12,
  pauseMs: 250,
  pauseMaxMs: 20_000,
});

export interface RetriedCall {
  readonly operation: string;
  readonly region: string;
  readonly attempt: number;
  readonly pauseMs: number;
  readonly reason: string;
}

interface CloudCallsPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onRetry: (retry: RetriedCall) => void;
}

interface CallPlace {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

/**
 * Every call to AWS goes through here: at a bounded rate, and again after a throttle, a failure of the service or a
 * lost connection. Pauses have full jitter, so that many callers who were refused together do not come back together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export class CloudCalls {
  readonly #options: CloudCallsOptions;
  readonly #ports: CloudCallsPorts;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: CloudCallsOptions, ports: CloudCallsPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  /** @throws TOOLKIT_AWS_CREDENTIALS, TOOLKIT_AWS_DENIED, TOOLKIT_AWS_REGION, TOOLKIT_AWS_UNREACHABLE, TOOLKIT_AWS_REFUSED */
  async run<T>(place: CallPlace, call: () => Promise<T>): Promise<T> {
    const { attemptsMax } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      await this.#bucket(place).take();
      try {
        return await call();
      } catch (failure) {
        if (!isTransient(failure) || attempt >= attemptsMax) throw codedFailure(failure, place);
        const pauseMs = this.#pauseMs(attempt);
        const { operation, region } = place;
        this.#ports.onRetry({ operation, region, attempt, pauseMs, reason: readFailure(failure).name });
        await this.#ports.clock.sleep(pauseMs);
      }
    }
  }

  #pauseMs(attempt: number): number {
    const { pauseMs, pauseMaxMs } = this.#options;
    return Math.round(this.#ports.random.unit() * Math.min(pauseMaxMs, pauseMs * 2 ** (attempt - 1)));
  }

  #bucket({ service, region }: CallPlace): TokenBucket {
    const key = `${service} ${region}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#options.rate, this.#ports.clock);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}
