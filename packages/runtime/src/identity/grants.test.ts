import { ManualClock } from "@tenantry/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { Grants } from "./grants.ts";

const tenantOf = (id: string) => ({ id }) as Tenant;
const acme = tenantOf("acme-corp");
const globex = tenantOf("globex-inc");

/** Answers when it is told to, so that changes can come while a question is under way. What it says of the database is checked with a real one elsewhere. */
class SlowStore {
  readonly open: { readonly tenant: string; readonly settle: PromiseWithResolvers<unknown[]> }[] = [];
  asked = 0;

  readonly store = {
    read: (tenant: Tenant) => {
      this.asked += 1;
      const settle = Promise.withResolvers<unknown[]>();
      this.open.push({ tenant: tenant.id, settle });
      return settle.promise;
    },
  } as unknown as TenantStore;

  answer(rows: unknown[]): void {
    for (const { settle } of this.open.splice(0)) settle.resolve(rows);
  }

  fail(): void {
    for (const { settle } of this.open.splice(0)) settle.reject(new Error("away"));
  }
}

const row = (role: string) => [{ id: "m", email: "ada@example.com", role }];

function setUp(entriesMax?: number) {
  const clock = new ManualClock();
  const slow = new SlowStore();
  const grants = new Grants({
    store: slow.store,
    clock,
    ...(entriesMax === undefined ? {} : { entriesMax }),
  });
  return { clock, slow, grants };
}

test("those who ask at once share one question, and its answer holds for five seconds and not longer", async () => {
  const { clock, slow, grants } = setUp();
  const asks = [grants.signIn(acme, "a"), grants.signIn(acme, "a"), grants.signIn(acme, "a")];
  expect(slow.asked).toBe(1);
  // The answer is as old as the question.
  clock.advance(3_000);
  slow.answer(row("admin"));
  expect(await Promise.all(asks)).toEqual(
    asks.map(() => ({ member: "m", email: "ada@example.com", role: "admin" })),
  );
  clock.advance(1_999);
  await grants.signIn(acme, "a");
  expect(slow.asked).toBe(1);
  clock.advance(1);
  void grants.signIn(acme, "a");
  expect(slow.asked).toBe(2);
});

test("what was asked before a change is not the answer after it", async () => {
  const { slow, grants } = setUp();
  const before = grants.signIn(acme, "a");
  grants.forget("acme-corp");
  const after = grants.signIn(acme, "a");
  expect(slow.asked).toBe(2);
  slow.open[0]?.settle.resolve(row("owner"));
  await before;
  slow.open[1]?.settle.resolve(row("viewer"));
  expect((await after)?.role).toBe("viewer");
  expect((await grants.signIn(acme, "a"))?.role).toBe("viewer");
  expect(slow.asked).toBe(2);
});

test("forgetting one tenant leaves the others", async () => {
  const { slow, grants } = setUp();
  const both = [grants.signIn(acme, "a"), grants.signIn(globex, "a")];
  slow.answer(row("admin"));
  await Promise.all(both);
  grants.forget("acme-corp");
  await grants.signIn(globex, "a");
  expect(slow.asked).toBe(2);
  void grants.signIn(acme, "a");
  expect(slow.asked).toBe(3);
});

test("a failure is nobody's who comes after it", async () => {
  const { slow, grants } = setUp();
  const failing = grants.signIn(acme, "a");
  slow.fail();
  await expect(failing).rejects.toThrow("away");
  const next = grants.signIn(acme, "a");
  slow.answer(row("admin"));
  expect((await next)?.role).toBe("admin");
});

test("made-up keys push nothing out that is in use", async () => {
  const { slow, grants } = setUp(50);
  const real = grants.signIn(acme, "real");
  slow.answer(row("admin"));
  await real;
  for (let count = 0; count < 1_000; count += 1) {
    const madeUp = grants.apiKey(acme, `tk_${count}`);
    slow.answer([]);
    expect(await madeUp).toBeNull();
  }
  const askedBefore = slow.asked;
  await grants.signIn(acme, "real");
  expect(slow.asked).toBe(askedBefore);
});

test("whatever comes in whichever order, no answer is older than five seconds or than the last change here", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("ask" as const), tenant: fc.constantFrom(acme, globex) }),
    fc.record({ kind: fc.constant("change" as const), tenant: fc.constantFrom(acme, globex) }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 6_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const clock = new ManualClock();
      const versions = new Map([
        [acme.id, 0],
        [globex.id, 0],
      ]);
      const changedAtMs: Record<string, number[]> = { [acme.id]: [0], [globex.id]: [0] };
      const store = {
        read: (tenant: Tenant) => Promise.resolve(row(String(versions.get(tenant.id)))),
      } as unknown as TenantStore;
      const here = new Grants({ store, clock });
      const elsewhere = new Grants({ store, clock });
      for (const one of steps) {
        if (one.kind === "wait") clock.advance(one.ms);
        else if (one.kind === "change") {
          const next = (versions.get(one.tenant.id) ?? 0) + 1;
          versions.set(one.tenant.id, next);
          changedAtMs[one.tenant.id]?.push(clock.monotonicMs());
          here.forget(one.tenant.id);
        } else {
          const current = versions.get(one.tenant.id) ?? 0;
          expect(Number((await here.signIn(one.tenant, "a"))?.role)).toBe(current);
          const seen = Number((await elsewhere.signIn(one.tenant, "a"))?.role);
          const replacedAtMs = changedAtMs[one.tenant.id]?.[seen + 1];
          if (replacedAtMs !== undefined) expect(clock.monotonicMs() - replacedAtMs).toBeLessThan(5_000);
        }
      }
    }),
    { numRuns: 500 },
  );
});
