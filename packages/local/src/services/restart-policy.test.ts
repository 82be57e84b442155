import { ManualClock, seededRandom } from "@tenantry/base";
import { expect, test } from "vitest";
import { RestartPolicy } from "./restart-policy.ts";

function run(policy: RestartPolicy, clock: ManualClock, durationMs: number) {
  policy.started();
  clock.advance(durationMs);
  return policy.exited();
}

test("delays double up to half a minute, and each is between half and all of it", () => {
  const clock = new ManualClock();
  const policy = new RestartPolicy(clock, seededRandom(7));
  const ceilings = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
  for (const ceilingMs of ceilings) {
    const { delayMs } = run(policy, clock, 10);
    expect(delayMs).toBeGreaterThanOrEqual(ceilingMs / 2);
    expect(delayMs).toBeLessThanOrEqual(ceilingMs);
  }
});

test("two services that fall together do not come back together", () => {
  const clock = new ManualClock();
  const [one, two] = [1, 2].map((seed) => new RestartPolicy(clock, seededRandom(seed)));
  const delays = [one, two].map((policy) => policy && [1, 2, 3].map(() => run(policy, clock, 1).delayMs));
  expect(delays[0]).not.toEqual(delays[1]);
});

test("the fifth exit in a row is a crash loop, told once", () => {
  const clock = new ManualClock();
  const policy = new RestartPolicy(clock, seededRandom(7));
  const told = Array.from({ length: 8 }, () => run(policy, clock, 1_000).becameCrashLoop);
  expect(told).toEqual([false, false, false, false, true, false, false, false]);
});

test("a minute without an exit makes the next one the first", () => {
  const clock = new ManualClock();
  const policy = new RestartPolicy(clock, seededRandom(7));
  for (let count = 0; count < 6; count += 1) run(policy, clock, 59_999);
  expect(run(policy, clock, 60_000)).toMatchObject({ exits: 1, becameCrashLoop: false });
});
