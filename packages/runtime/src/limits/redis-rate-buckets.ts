import { createClient } from "@redis/client";
import type { Clock } from "@tenantry/base";
import type { Rate, RateDecision } from "./gcra.ts";
import type { MemoryRateBuckets } from "./memory-rate-buckets.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import { decisionOfReply, redisGcra } from "./redis-gcra.ts";

export interface RedisRateBucketsOptions {
  /** redis:// or rediss:// (TLS). */
  readonly url: string;
  /** Stands before the names of all keys. */
  readonly prefix: string;
  /** What decides while Redis is away. */
  readonly local: MemoryRateBuckets;
  readonly clock: Clock;
  /** How long a decision may take before Redis counts as away. */
  readonly timeoutMs: number;
  /** How long to wait before looking for Redis again. */
  readonly retryMs: number;
  /** Told when Redis comes or goes; never the URL, which may hold a password. */
  readonly onState: (state: RedisState) => void;
}

export type RedisState = { readonly kind: "connected" } | { readonly kind: "away"; readonly reason: string };

/** Making a connection takes several round trips, and keeps no request waiting. */
const connectTimeoutMs = 2_000;

type Client = ReturnType<typeof createRedisClient>;

/**
 * The buckets of all processes, in Redis.
 *
 * away ── connected within the time ──▶ connected
 *   ▲                                       │
 *   └── a command fails or takes too long ──┘   (the connection is thrown away; a new one is tried every `retryMs`)
 *
 * While Redis is away each process decides by its own buckets with the same rates: n processes
 * then admit up to n times the rate, but never without a limit, and nobody is shut out. What Redis
 * admits is charged to the process's own buckets too, so that coming and going gives nobody a fresh burst.
 */
export class RedisRateBuckets implements RateBuckets, AsyncDisposable {
  readonly #options: RedisRateBucketsOptions;
  readonly #closing = new AbortController();
  #client: Client | null = null;
  /** Settles when the first attempt to connect has. */
  readonly ready: Promise<void>;
  #lookingForRedis: Promise<void>;

  constructor(options: RedisRateBucketsOptions) {
    this.#options = options;
    this.ready = this.#connect();
    this.#lookingForRedis = this.ready.then(() => this.#keepLooking());
  }

  async take(bucket: string, rate: Rate, cost: number): Promise<RateDecision> {
    const client = this.#client;
    const { local, prefix, timeoutMs } = this.#options;
    if (client === null) return local.take(bucket, rate, cost);
    try {
      const reply = await this.#inTime(client.take(`${prefix}${bucket}`, rate, cost), timeoutMs);
      const decision = decisionOfReply(reply, rate);
      if (decision.allowed) local.take(bucket, rate, cost);
      return decision;
    } catch (error) {
      this.#lose(client, error);
      return local.take(bucket, rate, cost);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const client = this.#client;
    this.#client = null;
    if (client?.isOpen === true) client.destroy();
    await this.#lookingForRedis;
  }

  /** Looks for Redis until it is found. */
  async #keepLooking(): Promise<void> {
    const { clock, retryMs } = this.#options;
    while (this.#client === null && !this.#closing.signal.aborted) {
      await clock.sleep(retryMs, this.#closing.signal).catch(() => undefined);
      if (!this.#closing.signal.aborted) await this.#connect();
    }
  }

  async #connect(): Promise<void> {
    const { onState, url } = this.#options;
    const client = createRedisClient(url);
    // Also what goes wrong between commands, such as a server that closes the connection.
    client.on("error", (error: unknown) => this.#lose(client, error));
    try {
      await this.#inTime(client.connect(), connectTimeoutMs);
    } catch (error) {
      if (client.isOpen) client.destroy();
      if (!this.#closing.signal.aborted) onState({ kind: "away", reason: reasonOf(error) });
      return;
    }
    if (this.#closing.signal.aborted) {
      client.destroy();
      return;
    }
    this.#client = client;
    onState({ kind: "connected" });
  }

  #lose(client: Client, error: unknown): void {
    // Of many commands that fail together the first one counts.
    if (this.#client !== client) return;
    this.#client = null;
    if (client.isOpen) client.destroy();
    this.#options.onState({ kind: "away", reason: reasonOf(error) });
    this.#lookingForRedis = this.#keepLooking();
  }

  async #inTime<T>(answer: Promise<T>, limitMs: number): Promise<T> {
    const { clock } = this.#options;
    const timer = new AbortController();
    // In two halves: a process that stood still itself reads what has come before it blames Redis.
    const timeout = clock
      .sleep(limitMs / 2, timer.signal)
      .then(() => clock.sleep(limitMs / 2, timer.signal))
      .then(
        () => Promise.reject(new Error(`no answer within ${limitMs} ms`)),
        () => answer,
      );
    // A late failure has been dealt with already.
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      timer.abort();
    }
  }
}

function createRedisClient(url: string) {
  return createClient({
    url,
    scripts: { take: redisGcra },
    disableOfflineQueue: true,
    // A connection that was lost is not mended: a new one is made.
    socket: { reconnectStrategy: false },
  });
}

/** Codes and kinds, but no text that could quote the URL. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  return error.message.startsWith("no answer within") ? error.message : error.constructor.name;
}
