import { expect, test } from "vitest";
import { TenantSweep } from "./tenant-sweep.ts";
import type { Tenant } from "./tenant.ts";

const tenant = (id: string) => ({ id }) as Tenant;

/** A sweep over tenants whose answers are given, by a clock that is stepped by hand. */
function sweepOf(answers: Readonly<Record<string, readonly ("more" | "later" | "none" | "fails")[]>>) {
  const time = { nowMs: 0 };
  const left = Object.fromEntries(Object.entries(answers).map(([id, list]) => [id, [...list]]));
  const swept: string[] = [];
  const sweep = new TenantSweep({
    clock: { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs, sleep: async () => undefined },
    everyMs: 3_600_000,
    sweep: async ({ id }) => {
      swept.push(id);
      const answer = left[id]?.shift() ?? "later";
      if (answer === "fails") throw new Error("the database is away");
      return answer;
    },
  });
  return { sweep, swept, time };
}

test("nothing is swept before a period is over, and then once, however often tenants are touched", async () => {
  const { sweep, swept, time } = sweepOf({});
  for (let n = 0; n < 10; n += 1) sweep.touch(tenant("acme-corp"));
  await sweep.idle();
  expect(swept).toEqual([]);
  time.nowMs = 3_600_000;
  for (let n = 0; n < 10; n += 1) sweep.touch(tenant("globex-inc"));
  await sweep.idle();
  expect(swept).toEqual(["acme-corp", "globex-inc"]);
  time.nowMs += 3_599_999;
  sweep.touch(tenant("acme-corp"));
  await sweep.idle();
  expect(swept).toHaveLength(2);
});

test("a tenant is swept while it has more, comes again while something is left, and is forgotten when nothing is", async () => {
  const { sweep, swept, time } = sweepOf({
    "acme-corp": ["more", "more", "none"],
    "globex-inc": ["fails", "later"],
  });
  sweep.touch(tenant("acme-corp"));
  for (const hour of [1, 2]) {
    time.nowMs = hour * 3_600_000;
    sweep.touch(tenant("globex-inc"));
    await sweep.idle();
  }
  expect(swept).toEqual(["acme-corp", "acme-corp", "acme-corp", "globex-inc", "globex-inc"]);
});

test("one tenant with much to remove keeps no sweep busy for ever", async () => {
  const { sweep, swept, time } = sweepOf({
    "acme-corp": Array.from({ length: 1_000 }, () => "more" as const),
  });
  time.nowMs = 3_600_000;
  sweep.touch(tenant("acme-corp"));
  await sweep.idle();
  expect(swept).toHaveLength(20);
});

test("nothing is swept any more once it is closed", async () => {
  const { sweep, swept, time } = sweepOf({});
  sweep.touch(tenant("acme-corp"));
  await sweep[Symbol.asyncDispose]();
  time.nowMs = 3_600_000;
  sweep.touch(tenant("acme-corp"));
  await sweep.idle();
  expect(swept).toEqual([]);
});
