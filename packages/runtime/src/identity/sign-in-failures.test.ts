import { ManualClock } from "@tenantry/base";
import { expect, test } from "vitest";
import type { Tenant } from "../tenants/tenant.ts";
import { SignInFailures } from "./sign-in-failures.ts";

const acme = { id: "acme-corp" } as Tenant;
const globex = { id: "globex-inc" } as Tenant;

test("five tries are free, then each costs twice the wait of the one before, up to a quarter of an hour", () => {
  const clock = new ManualClock();
  const failures = new SignInFailures(clock);
  for (let count = 0; count < 5; count += 1) expect(failures.begin(acme, "ada")).toBe(0);
  const waits: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    const waitMs = failures.begin(acme, "ada");
    waits.push(waitMs / 1_000);
    clock.advance(waitMs - 1);
    expect(failures.begin(acme, "ada")).toBe(1);
    clock.advance(1);
    expect(failures.begin(acme, "ada")).toBe(0);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
});

test("a success, or an hour without a try, begins again; other addresses and tenants count for themselves", () => {
  const clock = new ManualClock();
  const failures = new SignInFailures(clock);
  const fail = () => {
    for (let count = 0; count < 5; count += 1) failures.begin(acme, "ada");
  };
  fail();
  expect(failures.begin(acme, "bob")).toBe(0);
  expect(failures.begin(globex, "ada")).toBe(0);
  clock.advance(30_000);
  expect(failures.begin(acme, "ada")).toBe(0);
  failures.succeeded(acme, "ada");
  expect(failures.begin(acme, "ada")).toBe(0);
  fail();
  clock.advance(3_600_000);
  for (let count = 0; count < 5; count += 1) expect(failures.begin(acme, "ada")).toBe(0);
  expect(failures.begin(acme, "ada")).toBeGreaterThan(0);
});

test("a try that was never made does not count", () => {
  const failures = new SignInFailures(new ManualClock());
  for (let count = 0; count < 20; count += 1) {
    expect(failures.begin(acme, "ada")).toBe(0);
    failures.notMade(acme, "ada");
  }
});
