import { errors } from "./errors.ts";

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A day: the longest that the runtime accepts of any token. */
const ttlSecondsMax = 86_400;

/**
 * Seconds of a time to live such as `90s`, `15m`, `8h` or `1d`.
 *
 * @throws TOOLKIT_TTL_INVALID for anything else, nothing, or more than a day
 */
export function parseTtlSeconds(text: string): number {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  const seconds = Number(match?.[1] ?? 0) * (secondsOf[match?.[2] ?? ""] ?? 0);
  if (seconds < 1 || seconds > ttlSecondsMax) throw errors.TOOLKIT_TTL_INVALID({ ttl: text });
  return seconds;
}
