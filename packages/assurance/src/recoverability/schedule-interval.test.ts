import fc from "fast-check";
import { expect, test } from "vitest";
import { scheduleInterval } from "./schedule-interval.ts";

const hour = 3600;
const day = 24 * hour;

test.each([
  ["rate(15 minutes)", 900],
  ["rate(1 hour)", hour],
  ["rate(30 days)", 30 * day],
  ["cron(0 * * * ? *)", hour],
  ["cron(0/15 * * * ? *)", 900],
  ["cron(0 5 * * ? *)", day],
  ["cron(0 0/4 * * ? *)", 4 * hour],
  // From 20:00 to 5:00 of the next day.
  ["cron(0 5,20 * * ? *)", 15 * hour],
  ["cron(0 5 ? * SUN *)", 7 * day],
  ["cron(0 5 ? * MON-FRI *)", 3 * day],
  ["cron(0 5 1 * ? *)", 31 * day],
  ["cron(0 5 1 1/3 ? *)", 92 * day],
  ["cron(0 5 1 1 ? *)", 366 * day],
])("%s runs every %i seconds at the latest", (expression, seconds) => {
  expect(scheduleInterval(expression)).toBe(seconds);
});

test.each([
  "",
  "daily",
  "rate(0 hours)",
  "rate(5 weeks)",
  "cron(0 5 * *)",
  "cron(0 5 L * ? *)",
  "cron(0 25 * * ? *)",
  "cron(0 5-3 * * ? *)",
  "cron(0 5 31 2 ? *)",
  "cron(0 5 * * ? 2026)",
  "cron(0/0 * * * ? *)",
  `cron(${"9".repeat(5000)} * * * ? *)`,
])("%s is no schedule whose interval can be told", (expression) => {
  expect(scheduleInterval(expression)).toBeNull();
});

test("the interval is what counting minutes gives", () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 4 });
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 4 });
  const weekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(minutes, hours, weekdays, (inHour, inDay, inWeek) => {
      const expression = `cron(${inHour.join(",")} ${inDay.join(",")} ? * ${inWeek.join(",")} *)`;
      let last: number | null = null;
      let longest = 0;
      for (let minute = 0; minute < 3 * 7 * 24 * 60; minute += 1) {
        const runs =
          inHour.includes(minute % 60) &&
          inDay.includes(Math.floor(minute / 60) % 24) &&
          inWeek.includes((Math.floor(minute / (24 * 60)) % 7) + 1);
        if (!runs) continue;
        if (last !== null) longest = Math.max(longest, minute - last);
        last = minute;
      }
      expect(scheduleInterval(expression)).toBe(longest * 60);
    }),
    { numRuns: 60 },
  );
});
