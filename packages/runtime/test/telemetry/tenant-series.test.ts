import { ManualClock, seededRandom } from "@tenantry/base";
import { expect, test } from "vitest";
import { otherTenants, TenantSeries } from "../../src/telemetry/tenant-series.ts";

const windowMs = 5 * 60_000;

function openSeries(seriesMax: number) {
  const clock = new ManualClock();
  const removed: string[] = [];
  const series = new TenantSeries({ seriesMax, clock, onRemoved: (tenant) => removed.push(tenant) });
  const count = (tenant: string, times: number) => {
    let label = "";
    for (let time = 0; time < times; time += 1) label = series.count(tenant);
    return label;
  };
  return { clock, removed, series, count };
}

test("the first tenants have series, the others count together", () => {
  const { count } = openSeries(2);
  expect([count("one", 1), count("two", 1), count("three", 1), count("one", 1)]).toEqual([
    "one",
    "two",
    otherTenants,
    "one",
  ]);
});

test("a tenant keeps its series for an hour, however quiet it is and however loud the others are", () => {
  const { clock, removed, count } = openSeries(1);
  count("quiet", 1);
  for (let window = 0; window < 11; window += 1) {
    count("loud", 1_000);
    clock.advance(windowMs);
    expect(count("quiet", 0) || removed.length).toBe(0);
  }
  expect(count("loud", 1)).toBe(otherTenants);
  expect(removed).toEqual([]);
});

test("after that the busiest takes the place of the quietest, and keeps it", () => {
  const { clock, removed, count } = openSeries(2);
  count("steady", 1);
  count("quiet", 1);
  for (let window = 0; window < 12; window += 1) {
    count("steady", 500);
    count("quiet", 1);
    count("loud", 1_000);
    count("louder", 1_001);
    clock.advance(windowMs);
  }
  expect(count("louder", 1)).toBe("louder");
  expect(removed).toEqual(["quiet"]);
  expect(count("loud", 1)).toBe(otherTenants);
  expect(count("steady", 1)).toBe("steady");
});

test("less than four times the requests take nobody's place", () => {
  const { clock, removed, count } = openSeries(1);
  for (let window = 0; window < 40; window += 1) {
    count("first", 100);
    count("second", 380);
    clock.advance(windowMs);
  }
  expect(count("second", 1)).toBe(otherTenants);
  expect(removed).toEqual([]);
});

test("a tenant that is gone makes room", () => {
  const { clock, removed, count } = openSeries(1);
  count("gone", 1_000_000);
  clock.advance(30 * windowMs);
  count("here", 1);
  clock.advance(windowMs);
  expect(count("here", 1)).toBe("here");
  expect(removed).toEqual(["gone"]);
});

test("the same requests give the same labels, and never more than there may be", () => {
  const run = () => {
    const { clock, series } = openSeries(20);
    const random = seededRandom(7);
    const labels: string[] = [];
    let replaced = 0;
    let before = new Set<string>();
    for (let window = 0; window < 60; window += 1) {
      const now = new Set<string>();
      for (let request = 0; request < 2_000; request += 1) {
        // A few tenants have most of the requests, and others from hour to hour.
        const tenant = Math.floor(random.unit() ** 3 * 300 + Math.floor(window / 12) * 100) % 500;
        const label = series.count(`t${tenant}`);
        labels.push(label);
        if (label !== otherTenants) now.add(label);
      }
      expect(now.size).toBeLessThanOrEqual(20);
      replaced += [...now].filter((label) => !before.has(label)).length;
      before = now;
      clock.advance(windowMs);
    }
    return { labels, replaced };
  };
  const first = run();
  expect(run()).toEqual(first);
  expect(first.labels).toContain(otherTenants);
});
