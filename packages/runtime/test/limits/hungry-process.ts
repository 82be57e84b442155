// A process of its own that asks for one bucket in Redis as fast as it can, for as long as it was
// told, and prints how often it was admitted.   node hungry-process.ts <url> <bucket> <rate> <ms>
import { systemClock } from "@tenantry/base";
import type { Rate } from "../../src/limits/gcra.ts";
import { MemoryRateBuckets } from "../../src/limits/memory-rate-buckets.ts";
import { RedisRateBuckets } from "../../src/limits/redis-rate-buckets.ts";

const [url = "", bucket = "", rateText = "", durationMs = ""] = process.argv.slice(2);
const rate = JSON.parse(rateText) as Rate;
const events: string[] = [];
await using buckets = new RedisRateBuckets({
  url,
  prefix: "test:",
  // Were Redis to be lost, this one would refuse, and the sum would show it.
  local: new MemoryRateBuckets({ clock: systemClock, bucketsMax: 1 }),
  clock: systemClock,
  timeoutMs: 10_000,
  retryMs: 1_000,
  onState: ({ kind }) => events.push(kind),
});
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
console.log(JSON.stringify({ admitted, asked, events }));
