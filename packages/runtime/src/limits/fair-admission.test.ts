// Shares of concurrency under a clock that is moved by hand, as Kubernetes proves its priority and
// fairness: what each tenant holds on average must be its max-min fair share, within a tenth; and the
// same simulation with a plain queue in place of the fair one must not pass.
import { type Clock, ManualClock } from "@tenantry/base";
import { describe, expect, test } from "vitest";
import { type Admission, FairAdmission } from "./fair-admission.ts";

type Entered =
  | { readonly kind: "admitted"; readonly leave: () => void }
  | { readonly kind: Exclude<Admission, "admitted"> };

/** Asks for a slot, and promises how it ends. */
function ask(
  admission: FairAdmission,
  tenant: string,
  ownMax: number | null = null,
): Promise<Entered> & { leave: () => void } {
  const { promise, resolve } = Promise.withResolvers<Admission>();
  const leave = admission.enter(tenant, ownMax, resolve);
  const entered = promise.then((kind) => (kind === "admitted" ? { kind, leave } : { kind }));
  return Object.assign(entered, { leave });
}

describe("S2.06 fair admission", () => {
  /** So many clients of a tenant ask again as soon as they have their answer, which takes `holdMs`. */
  interface Load {
    readonly clients: number;
    readonly holdMs: number;
  }
  type Loads = Readonly<Record<string, Load>>;
  type Enter = (tenant: string) => Promise<Entered>;

  const slotsMax = 32;

  const scenarios: Readonly<Record<string, Loads>> = {
    "one tenant at 100 times what four others want": {
      elephant: { clients: 400, holdMs: 10 },
      ...Object.fromEntries(
        ["a", "b", "c", "d"].map((tenant) => [tenant, { clients: 4, holdMs: 10 }] as const),
      ),
    },
    "demand that doubles from tenant to tenant": Object.fromEntries(
      [4, 8, 16, 32, 64].map((clients) => [`wants-${clients}`, { clients, holdMs: 7 }]),
    ),
    "requests that take 3, 30 and 300 ms": {
      short: { clients: 50, holdMs: 3 },
      medium: { clients: 50, holdMs: 30 },
      long: { clients: 50, holdMs: 300 },
    },
    "two that want all among ten that want little": {
      one: { clients: 200, holdMs: 20 },
      two: { clients: 100, holdMs: 40 },
      ...Object.fromEntries(
        Array.from({ length: 10 }, (_, index) => [`small-${index}`, { clients: 1, holdMs: 10 }] as const),
      ),
    },
  };

  function fair(clock: Clock): Enter {
    const admission = new FairAdmission({ slotsMax, waitingMax: 1_000, waitMs: 1e9, clock });
    return (tenant) => ask(admission, tenant);
  }

  /** First come, first served: the control. */
  function unfair(): Enter {
    let free = slotsMax;
    const line: (() => void)[] = [];
    return async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => line.push(resolve));
      const leave = () => {
        const next = line.shift();
        if (next === undefined) free += 1;
        else next();
      };
      return { kind: "admitted", leave };
    };
  }

  /** How many requests of each tenant were in flight on average. */
  async function measure(loads: Loads, makeEnter: (clock: Clock) => Enter): Promise<Record<string, number>> {
    const clock = new ManualClock();
    const enter = makeEnter(clock);
    const inFlight: Record<string, number> = {};
    const stop = { now: false };
    for (const [tenant, { clients, holdMs }] of Object.entries(loads)) {
      inFlight[tenant] = 0;
      for (let client = 0; client < clients; client += 1) {
        void (async () => {
          while (!stop.now) {
            const admission = await enter(tenant);
            if (admission.kind !== "admitted") throw new Error(admission.kind);
            inFlight[tenant] = (inFlight[tenant] ?? 0) + 1;
            await clock.sleep(holdMs);
            inFlight[tenant] -= 1;
            admission.leave();
          }
        })();
      }
    }
    const sums = Object.fromEntries(Object.keys(loads).map((tenant) => [tenant, 0]));
    const [warmUpMs, measuredMs] = [1_000, 2_000];
    for (let nowMs = 0; nowMs < warmUpMs + measuredMs; nowMs += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (nowMs >= warmUpMs)
        for (const tenant of Object.keys(sums)) sums[tenant] = (sums[tenant] ?? 0) + (inFlight[tenant] ?? 0);
      clock.advance(1);
    }
    stop.now = true;
    return Object.fromEntries(Object.entries(sums).map(([tenant, sum]) => [tenant, sum / measuredMs]));
  }

  /** Max-min fair shares: whoever wants less than an equal part gets it all, the others share the rest. */
  function idealShares(demand: Readonly<Record<string, number>>, capacity: number): Record<string, number> {
    const ideal: Record<string, number> = {};
    const wanting = Object.entries(demand).sort(([, a], [, b]) => a - b);
    let left = capacity;
    wanting.forEach(([tenant, wanted], index) => {
      const share = Math.min(wanted, left / (wanting.length - index));
      ideal[tenant] = share;
      left -= share;
    });
    return ideal;
  }

  async function deviations(loads: Loads, makeEnter: (clock: Clock) => Enter): Promise<string[]> {
    const actual = await measure(loads, makeEnter);
    const used = Object.values(actual).reduce((sum, one) => sum + one, 0);
    // What is kept free for those who come next is a price, and must stay a small one.
    const findings = used < slotsMax * 0.8 ? [`only ${used.toFixed(1)} of ${slotsMax} slots used`] : [];
    const ideal = idealShares(
      Object.fromEntries(Object.entries(loads).map(([tenant, { clients }]) => [tenant, clients])),
      used,
    );
    for (const [tenant, share] of Object.entries(actual)) {
      const wanted = ideal[tenant] ?? 0;
      if (Math.abs(share - wanted) > 0.1 * wanted) {
        findings.push(`${tenant} holds ${share.toFixed(2)}, not ${wanted.toFixed(2)}`);
      }
    }
    return findings;
  }

  test.each(Object.entries(scenarios))(
    "with %s everyone holds a fair share, within a tenth",
    async (_, loads) => {
      expect(await deviations(loads, fair)).toEqual([]);
    },
  );

  test.each(Object.entries(scenarios))(
    "the same test fails first come, first served: %s",
    async (_, loads) => {
      expect(await deviations(loads, unfair)).not.toEqual([]);
    },
  );
});

describe("S2.06 while several tenants are present", () => {
  /** How many requests of each tenant are in flight on average, where each works for 4 ms and its clients pause for `pauseMs`. */
  async function inFlightOf(
    loads: Readonly<Record<string, { readonly clients: number; readonly pauseMs: number }>>,
    contended: { readonly contendedSlotsMax?: number },
  ): Promise<Record<string, number>> {
    const clock = new ManualClock();
    const admission = new FairAdmission({
      slotsMax: 32,
      waitingMax: 1_000,
      waitMs: 1e9,
      clock,
      ...contended,
    });
    const inFlight: Record<string, number> = {};
    const sums: Record<string, number> = {};
    const stop = { now: false };
    for (const [tenant, { clients, pauseMs }] of Object.entries(loads)) {
      inFlight[tenant] = 0;
      sums[tenant] = 0;
      for (let client = 0; client < clients; client += 1) {
        void (async () => {
          while (!stop.now) {
            const entered = await ask(admission, tenant);
            if (entered.kind !== "admitted") throw new Error(entered.kind);
            inFlight[tenant] = (inFlight[tenant] ?? 0) + 1;
            await clock.sleep(4);
            inFlight[tenant] -= 1;
            entered.leave();
            if (pauseMs > 0) await clock.sleep(pauseMs);
          }
        })();
      }
    }
    const [warmUpMs, measuredMs] = [2_000, 2_000];
    for (let nowMs = 0; nowMs < warmUpMs + measuredMs; nowMs += 1) {
      for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      if (nowMs >= warmUpMs)
        for (const tenant of Object.keys(sums)) sums[tenant] = (sums[tenant] ?? 0) + (inFlight[tenant] ?? 0);
      clock.advance(1);
    }
    stop.now = true;
    return Object.fromEntries(Object.entries(sums).map(([tenant, sum]) => [tenant, sum / measuredMs]));
  }

  const busy = { clients: 1, pauseMs: 1 };
  const greedy = { clients: 100, pauseMs: 0 };
  const elephant = { greedy, a: busy, b: busy, c: busy };

  test("one tenant with a hundred clients works on as many requests as each of the others", async () => {
    const { greedy: taken = 0, a = 0 } = await inFlightOf(elephant, { contendedSlotsMax: 3 });
    expect(a).toBeCloseTo(0.8, 1);
    expect(taken).toBeGreaterThan(0.9);
    expect(taken).toBeLessThan(1.1);
  });

  test("the same test fails without the bound", async () => {
    const { greedy: taken = 0 } = await inFlightOf(elephant, {});
    expect(taken).toBeGreaterThan(10);
  });

  test("a tenant that is alone uses what there is", async () => {
    const { greedy: taken = 0 } = await inFlightOf({ greedy }, { contendedSlotsMax: 3 });
    expect(taken).toBeGreaterThan(20);
  });

  test("tenants that all want the same are not held back", async () => {
    const eight = { clients: 8, pauseMs: 0 };
    const loads = { a: eight, b: eight, c: eight };
    for (const taken of Object.values(await inFlightOf(loads, { contendedSlotsMax: 3 })))
      expect(taken).toBeGreaterThan(7);
  });

  test("many with a request now and then leave one that wants more nearly all", async () => {
    const rare = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`rare-${index}`, { clients: 1, pauseMs: 800 }]),
    );
    const { greedy: taken = 0 } = await inFlightOf({ greedy, ...rare }, { contendedSlotsMax: 4 });
    expect(taken).toBeGreaterThan(2.8);
    expect(taken).toBeLessThan(4.2);
  });

  test("two that want everything beside one that wants little get the same", async () => {
    const loads = { one: greedy, two: { clients: 50, pauseMs: 0 }, small: busy };
    const { one = 0, two = 0, small = 0 } = await inFlightOf(loads, { contendedSlotsMax: 3 });
    expect(Math.abs(one - two)).toBeLessThan(0.1 * one);
    expect(one).toBeLessThan(6);
    expect(small).toBeCloseTo(0.8, 1);
  });
});

function admissionOf(change: { slotsMax?: number; waitingMax?: number; waitMs?: number } = {}) {
  const clock = new ManualClock();
  const options = { slotsMax: 12, waitingMax: 2, waitMs: 100, clock, ...change };
  return { clock, admission: new FairAdmission(options) };
}

async function settled(promise: Promise<Entered>): Promise<Entered | "waiting"> {
  const turns = new Promise<"waiting">((resolve) => setImmediate(() => resolve("waiting")));
  return Promise.race([promise, turns]);
}

test("however much one tenant takes, the next tenant finds a free slot", async () => {
  const { admission } = admissionOf({ waitingMax: 100 });
  for (let index = 0; index < 50; index += 1) ask(admission, "greedy");
  expect(admission.load).toEqual({ inFlight: 8, waiting: 42 });
  expect(await settled(ask(admission, "modest"))).toMatchObject({ kind: "admitted" });
  for (let index = 0; index < 50; index += 1) ask(admission, "second");
  expect(await settled(ask(admission, "third"))).toMatchObject({ kind: "admitted" });
});

test("a tenant whose own line is full is refused at once, and nobody else", async () => {
  const { admission } = admissionOf({ slotsMax: 4 });
  for (let index = 0; index < 5; index += 1) ask(admission, "greedy");
  expect(admission.load).toEqual({ inFlight: 3, waiting: 2 });
  expect(await ask(admission, "greedy")).toEqual({ kind: "queue-full" });
  expect(await ask(admission, "modest")).toMatchObject({ kind: "admitted" });
  expect(await settled(ask(admission, "other"))).toBe("waiting");
});

test("a request waits for so long and no longer, and leaves the line", async () => {
  const { admission, clock } = admissionOf({ slotsMax: 1 });
  const first = await ask(admission, "a");
  const late = ask(admission, "b");
  clock.advance(99);
  expect(await settled(late)).toBe("waiting");
  clock.advance(1);
  expect(await late).toEqual({ kind: "waited" });
  expect(admission.load).toEqual({ inFlight: 1, waiting: 0 });
  if (first.kind === "admitted") first.leave();
  expect(admission.load).toEqual({ inFlight: 0, waiting: 0 });
});

test("a request whose client is gone leaves the line, and takes no slot", async () => {
  const { admission } = admissionOf({ slotsMax: 1 });
  const first = await ask(admission, "a");
  const one = ask(admission, "b");
  const two = ask(admission, "b");
  one.leave();
  one.leave();
  expect(await one).toEqual({ kind: "gone" });
  if (first.kind === "admitted") first.leave();
  expect(await two).toMatchObject({ kind: "admitted" });
  expect(admission.load).toEqual({ inFlight: 1, waiting: 0 });
});

test("a slot can be given back once", async () => {
  const { admission } = admissionOf({ slotsMax: 2 });
  const first = await ask(admission, "a");
  await ask(admission, "a");
  for (let index = 0; index < 3; index += 1) if (first.kind === "admitted") first.leave();
  expect(admission.load.inFlight).toBe(1);
});

test("a tier's own bound holds while slots are free, and its waiting requests keep none from others", async () => {
  const { admission } = admissionOf();
  const first = await ask(admission, "small", 1);
  const second = ask(admission, "small", 1);
  expect(await settled(second)).toBe("waiting");
  expect(await settled(ask(admission, "other"))).toMatchObject({ kind: "admitted" });
  if (first.kind === "admitted") first.leave();
  expect(await settled(second)).toMatchObject({ kind: "admitted" });
});

test("those who wait are served in turns, in the order of each line", async () => {
  const { admission } = admissionOf({ slotsMax: 1, waitingMax: 10 });
  const served: string[] = [];
  const enter = async (tenant: string, name: string) => {
    const entered = await ask(admission, tenant);
    served.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    if (entered.kind === "admitted") entered.leave();
  };
  await Promise.all([
    enter("x", "x0"),
    ...["a1", "a2", "a3"].map((name) => enter("a", name)),
    ...["b1", "b2"].map((name) => enter("b", name)),
    enter("c", "c1"),
  ]);
  expect(served).toEqual(["x0", "a1", "b1", "c1", "a2", "b2", "a3"]);
});
