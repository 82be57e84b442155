import { expect, it } from "vitest";
import { runsPerMonth } from "./backup-plan.ts";

const daysOfMonth = 730 / 24;

it.each([
  ["rate(1 hour)", 730],
  ["rate(12 hours)", 730 / 12],
  ["rate(5 minutes)", 730 * 12],
  ["rate(1 day)", daysOfMonth],
  ["cron(0 5 * * ? *)", daysOfMonth],
  ["cron(0 * * * ? *)", 730],
  ["cron(0,30 * * * ? *)", 1460],
  ["cron(0 0/6 * * ? *)", daysOfMonth * 4],
  ["cron(15 1 1 * ? *)", 1],
  ["cron(0 5 ? * SUN *)", daysOfMonth / 7],
  ["cron(0 5 ? * MON-FRI *)", (daysOfMonth * 5) / 7],
  ["cron(0 8-17 * * ? *)", daysOfMonth * 10],
])("%s runs %f times a month", (schedule, runs) => expect(runsPerMonth(schedule)).toBeCloseTo(runs, 6));

it.each([
  null,
  "",
  "at(2026-01-01T00:00:00)",
  "rate(0 days)",
  "cron(0 5 * 6 ? *)",
  "cron(x 5 * * ? *)",
  "cron(0/0 5 * * ? *)",
])("%j is not counted", (schedule) => expect(runsPerMonth(schedule)).toBeNull());
