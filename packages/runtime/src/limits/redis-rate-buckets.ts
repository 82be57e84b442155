import { createClient } from "@redis/client";
import { decisionOfReply, redisGcra } from "./redis-gcra.ts";
import {
  type BackendState,
  type RateBackend,
  SharedRateBuckets,
  type SharedRateBucketsOptions,
} from "./shared-rate-buckets.ts";

export interface RedisRateBucketsOptions extends Omit<SharedRateBucketsOptions, "open"> {
  /** redis:// or rediss:// (TLS). */
  readonly url: string;
  /** Stands before the names of all keys. */
  readonly prefix: string;
}

export type RedisState = BackendState;

/** The buckets of all processes, in Redis. */
export class RedisRateBuckets extends SharedRateBuckets {
  constructor({ url, prefix, ...options }: RedisRateBucketsOptions) {
    super({ ...options, open: (lose) => openRedis(url, prefix, lose) });
  }
}

async function openRedis(url: string, prefix: string, lose: (error: unknown) => void): Promise<RateBackend> {
  const client = createClient({
    url,
    scripts: { take: redisGcra },
    disableOfflineQueue: true,
    // A connection that was lost is not mended: a new one is made.
    socket: { reconnectStrategy: false },
  });
  // Also what goes wrong between commands, such as a server that closes the connection.
  client.on("error", lose);
  const close = () => {
    if (client.isOpen) client.destroy();
  };
  try {
    await client.connect();
  } catch (error) {
    close();
    throw error;
  }
  return {
    take: async (bucket, rate, cost) =>
      decisionOfReply(await client.take(`${prefix}${bucket}`, rate, cost), rate),
    close,
  };
}
