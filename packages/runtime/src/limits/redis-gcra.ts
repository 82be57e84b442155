import { defineScript } from "@redis/client";
import type { GcraStep, Rate } from "./gcra.ts";

/**
 * The steps of `gcra` inside Redis: one round trip, nobody in between, and the clock of the one
 * server instead of many. Lua's numbers are doubles as JavaScript's are, and print exactly only
 * when told to. The key lives until its bucket is full again, when it would say nothing any more.
 *
 * KEYS[1] the bucket; ARGV limit, periodUs, burst, cost.
 * Returns allowed (1 or 0), then the debt after this request and, where it was refused, how much
 * it is over, both in ticks of 1/limit µs.
 */
export const redisGcraScript = `
local limit, period, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local tolerance = burst * period
local debt, isCut = 0, false
local stored = redis.call("GET", KEYS[1])
if stored then
  local us, ticks = string.match(stored, "^(%d+):(%d+)$")
  debt = (tonumber(us) - now) * limit + math.min(tonumber(ticks), limit - 1)
  isCut = debt > tolerance
  debt = math.min(tolerance, math.max(0, debt))
end
local after = math.max(0, debt + cost * period)
local allowed = after <= tolerance
local kept = allowed and after or debt
if allowed or isCut then
  local ticks = kept % limit
  local us = now + (kept - ticks) / limit
  local livesMs = math.ceil((us - now) / 1000) + 1
  redis.call("SET", KEYS[1], string.format("%.0f:%.0f", us, ticks), "PX", string.format("%.0f", livesMs))
end
local over = allowed and 0 or after - tolerance
return { allowed and 1 or 0, string.format("%.0f", kept), string.format("%.0f", over) }
`;

export const redisGcra = defineScript({
  SCRIPT: redisGcraScript,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, key: string, { limit, periodUs, burst }: Rate, cost: number) {
    parser.pushKey(key);
    parser.push(String(limit), String(periodUs), String(burst), String(cost));
  },
  transformReply: (reply: unknown) => reply as readonly [number, string, string],
});

/** What the script's answer means; the arrival time stays where it is. */
export function decisionOfReply(
  [allowed, keptText, overText]: readonly [number, string, string],
  { limit, periodUs, burst }: Rate,
): Omit<GcraStep, "arrival"> {
  const [kept, over] = [Number(keptText), Number(overText)];
  return {
    allowed: allowed === 1,
    remaining: Math.floor((burst * periodUs - kept) / periodUs),
    retryAfterMs: Math.ceil(Math.ceil(over / limit) / 1_000),
    resetMs: Math.ceil(Math.ceil(kept / limit) / 1_000),
  };
}
