import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayAfter, daysFrom, usageDay } from "./usage-day.ts";
import { usageReport } from "./usage-report.ts";

const nothing = {
  requests: 0,
  refusedRequests: 0,
  errors: 0,
  bytesIn: 0,
  bytesOut: 0,
  serviceRequests: 0,
};

describe("days", () => {
  test("are those of UTC, over leap days and the ends of years", () => {
    expect(usageDay(Date.parse("2026-03-01T00:00:00Z") - 1)).toBe("2026-02-28");
    expect(daysFrom("2028-02-28", "2028-03-01")).toEqual(["2028-02-28", "2028-02-29", "2028-03-01"]);
    expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
    expect(daysFrom("2026-01-02", "2026-01-01")).toEqual([]);
  });

  test("of any year follow one another without a gap", () => {
    const day = fc.integer({ min: 0, max: 60_000 }).map((days) => dayAfter("1970-01-01", days));
    fc.assert(
      fc.property(day, fc.nat(400), (from, count) => {
        const days = daysFrom(from, dayAfter(from, count));
        expect(days).toHaveLength(count + 1);
        expect(days.toSorted()).toEqual(days);
        expect(new Set(days).size).toBe(days.length);
      }),
    );
  });
});

test("what is written and what is not add up, day by day and in total", () => {
  const rows = [
    { day: "2026-01-02", metric: "requests", amount: "5" },
    { day: "2026-01-03", metric: "bytes-in", amount: "70" },
    { day: "2026-01-02", metric: "a-metric-of-later", amount: "9" },
  ];
  const unwritten = new Map([
    ["2026-01-02", { ...nothing, requests: 2, errors: 1 }],
    ["2026-01-09", { ...nothing, requests: 99 }],
  ]);
  const report = usageReport({ from: "2026-01-01", to: "2026-01-03" }, rows, unwritten);
  expect(report.days.map(({ requests, errors, bytesIn }) => [requests, errors, bytesIn])).toEqual([
    [0, 0, 0],
    [7, 1, 0],
    [0, 0, 70],
  ]);
  expect(report.totals).toEqual({
    ...nothing,
    requests: 7,
    errors: 1,
    bytesIn: 70,
    documents: 0,
    fileBytes: 0,
  });
});

test("what is stored stays until it is measured again, also from before the first day", () => {
  const rows = [
    { day: "2025-12-20", metric: "documents", amount: "3" },
    { day: "2025-12-20", metric: "file-bytes", amount: "100" },
    { day: "2026-01-02", metric: "documents", amount: "8" },
    { day: "2026-01-02", metric: "file-bytes", amount: "0" },
  ];
  const { days, totals } = usageReport({ from: "2026-01-01", to: "2026-01-03" }, rows);
  expect(days.map(({ documents, fileBytes }) => [documents, fileBytes])).toEqual([
    [3, 100],
    [8, 0],
    [8, 0],
  ]);
  expect([totals.documents, totals.fileBytes]).toEqual([8, 0]);
});

test("large amounts are exact, and capped where a JSON number ends", () => {
  const at = (day: string, amount: string) => ({ day, metric: "bytes-out", amount });
  const period = { from: "2026-01-01", to: "2026-01-02" };
  const exact = usageReport(period, [at("2026-01-01", "9007199254740990"), at("2026-01-02", "1")]);
  expect(exact.totals.bytesOut).toBe(9_007_199_254_740_991);
  const beyond = usageReport(period, [at("2026-01-01", "9223372036854775807")]);
  expect(beyond.days[0]?.bytesOut).toBe(Number.MAX_SAFE_INTEGER);
});
