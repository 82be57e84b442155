import { ManualClock, seededRandom } from "@tenantry/base";
import { expect, test } from "vitest";
import { perMinute } from "./gcra.ts";
import { MemoryRateBuckets } from "./memory-rate-buckets.ts";

const rate = perMinute(60, 3);

test("each bucket has its own limit", () => {
  const buckets = new MemoryRateBuckets({ clock: new ManualClock(), bucketsMax: 10 });
  for (const name of ["a", "b"]) {
    const allowed = Array.from({ length: 5 }, () => buckets.take(name, rate, 1).allowed);
    expect(allowed, name).toEqual([true, true, true, false, false]);
  }
});

test("a flood of names takes bounded memory, and makes nobody's bucket be forgotten before it is full", () => {
  const clock = new ManualClock();
  const buckets = new MemoryRateBuckets({ clock, bucketsMax: 100 });
  const take = () => buckets.take("early", rate, 1).allowed;
  expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  for (let index = 0; index < 20_000; index += 1) buckets.take(`flood-${index}`, rate, 1);
  expect(buckets.size).toBeLessThanOrEqual(1_100);
  expect(take()).toBe(false);
  clock.advance(1_000);
  expect([take(), take()]).toEqual([true, false]);
});

test("a name that finds no room is limited all the same, together with others", () => {
  const clock = new ManualClock();
  const buckets = new MemoryRateBuckets({ clock, bucketsMax: 10 });
  let admitted = 0;
  for (let index = 0; index < 100_000; index += 1) {
    if (buckets.take(`flood-${index}`, rate, 1).allowed) admitted += 1;
  }
  // Ten buckets of their own and a thousand shared ones, each with a burst of 3.
  expect(admitted).toBeLessThanOrEqual(1_010 * 3);
  expect(admitted).toBeGreaterThan(2_900);
});

test("leaving a shared bucket for one of its own gives no fresh burst", () => {
  const clock = new ManualClock();
  const slow = perMinute(60, 50);
  const buckets = new MemoryRateBuckets({ clock, bucketsMax: 1 });
  buckets.take("first", rate, 3);
  for (let index = 0; index < 50; index += 1) expect(buckets.take("late", slow, 1).allowed).toBe(true);
  expect(buckets.take("late", slow, 1).allowed).toBe(false);
  // The first bucket is full again and makes room.
  clock.advance(3_000);
  expect(Array.from({ length: 5 }, () => buckets.take("late", slow, 1).allowed)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("whatever is forgotten, nobody is admitted more often than with room for all", () => {
  const clock = new ManualClock();
  const random = seededRandom(4);
  const scarce = new MemoryRateBuckets({ clock, bucketsMax: 5 });
  const ample = new MemoryRateBuckets({ clock, bucketsMax: 1_000 });
  const admitted = { scarce: 0, ample: 0 };
  for (let index = 0; index < 50_000; index += 1) {
    const name = `name-${random.below(60)}`;
    if (scarce.take(name, rate, 1).allowed) admitted.scarce += 1;
    if (ample.take(name, rate, 1).allowed) admitted.ample += 1;
    clock.advance(random.below(40));
  }
  expect(admitted.scarce).toBeLessThanOrEqual(admitted.ample);
  expect(admitted.scarce).toBeGreaterThan(admitted.ample * 0.9);
});

test("buckets that are full again are forgotten", () => {
  const clock = new ManualClock();
  const buckets = new MemoryRateBuckets({ clock, bucketsMax: 1_000 });
  for (let index = 0; index < 500; index += 1) buckets.take(`old-${index}`, rate, 1);
  clock.advance(60_000);
  for (let index = 0; index < 300; index += 1) buckets.take(`new-${index}`, rate, 1);
  expect(buckets.size).toBeLessThanOrEqual(300);
});
