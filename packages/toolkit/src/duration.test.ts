import { expect, test } from "vitest";
import { parseTtlSeconds } from "./duration.ts";

test.each([
  ["1s", 1],
  ["90s", 90],
  ["15m", 900],
  ["8h", 28_800],
  ["24h", 86_400],
  ["1d", 86_400],
])("%s is %i seconds", (text, seconds) => {
  expect(parseTtlSeconds(text)).toBe(seconds);
});

test.each(["", "0s", "8", "h", "-1h", "25h", "2d", "1.5h", "8 h", "8H", "1h30m", "99999999s", "١h"])(
  "%j is refused",
  (text) => {
    expect(() => parseTtlSeconds(text)).toThrow("is not a time to live");
  },
);
