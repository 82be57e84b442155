// A process of its own that asks for one bucket in Redis or PostgreSQL as fast as it can, for as long as
// it was told, and prints how often it was admitted.   node hungry-process.ts <backend> <bucket> <rate> <ms>
import { systemClock } from "@tenantry/base";
import { type ControlDatabaseOptions, PostgresControlDatabase } from "../../src/database/control-database.ts";
import type { Rate } from "../../src/limits/gcra.ts";
import { MemoryRateBuckets } from "../../src/limits/memory-rate-buckets.ts";
import { PostgresRateBuckets } from "../../src/limits/postgres-rate-buckets.ts";
import { RedisRateBuckets } from "../../src/limits/redis-rate-buckets.ts";

export type HungryBackend =
  | { readonly kind: "redis"; readonly url: string }
  | ({ readonly kind: "postgres" } & ControlDatabaseOptions);

const [backendText = "", bucket = "", rateText = "", durationMs = ""] = process.argv.slice(2);
const backend = JSON.parse(backendText) as HungryBackend;
const rate = JSON.parse(rateText) as Rate;
const events: string[] = [];
const options = {
  prefix: "test:",
  // Were the backend to be lost, this one would refuse, and the sum would show it.
  local: new MemoryRateBuckets({ clock: systemClock, bucketsMax: 1 }),
  clock: systemClock,
  timeoutMs: 10_000,
  retryMs: 1_000,
  onState: ({ kind }: { readonly kind: string }) => events.push(kind),
};
const control = backend.kind === "postgres" ? new PostgresControlDatabase(backend) : null;
const buckets =
  control === null
    ? new RedisRateBuckets({ ...options, url: backend.kind === "redis" ? backend.url : "" })
    : new PostgresRateBuckets({ ...options, control });
await buckets.ready;
let [admitted, asked] = [0, 0];
const endMs = systemClock.monotonicMs() + Number(durationMs);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (systemClock.monotonicMs() < endMs) {
      asked += 1;
      if ((await buckets.take(bucket, rate, 1)).allowed) admitted += 1;
    }
  }),
);
await buckets[Symbol.asyncDispose]();
await control?.[Symbol.asyncDispose]();
console.log(JSON.stringify({ admitted, asked, events }));
