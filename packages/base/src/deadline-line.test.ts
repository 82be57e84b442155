import fc from "fast-check";
import { expect, test } from "vitest";
import { ManualClock } from "./clock.ts";
import { DeadlineLine, type DeadlinePlace } from "./deadline-line.ts";

function lineOf(timeoutMs = 100) {
  const clock = new ManualClock();
  const expired: string[] = [];
  const line = new DeadlineLine<string>({ timeoutMs, clock, onExpired: (item) => expired.push(item) });
  /** Lets those whose time has come wake up. */
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return { clock, expired, line, pass };
}

test("whoever stays too long is told once, in order, and not before", async () => {
  const { expired, line, pass } = lineOf();
  line.add("a");
  await pass(60);
  line.add("b");
  await pass(39);
  expect(expired).toEqual([]);
  await pass(1);
  expect(expired).toEqual(["a"]);
  await pass(1_000);
  expect([expired, line.size]).toEqual([["a", "b"], 0]);
});

test("whoever has left is not told, wherever it stood", async () => {
  const { expired, line, pass } = lineOf();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((item) => line.add(item)) as DeadlinePlace<string>[];
  for (const place of [b, a, d, b]) line.remove(place as DeadlinePlace<string>);
  expect(line.size).toBe(1);
  await pass(100);
  expect(expired).toEqual(["c"]);
  expect(line.remove(c as DeadlinePlace<string>)).toBe(false);
});

test("time may have begun before the item was added", async () => {
  const { expired, line, pass } = lineOf();
  await pass(50);
  line.add("early", 0);
  await pass(50);
  expect(expired).toEqual(["early"]);
});

test("those who are taken out are not told, and the line goes on", async () => {
  const { expired, line, pass } = lineOf();
  line.add("a");
  line.add("b");
  expect(line.takeAll()).toEqual(["a", "b"]);
  line.add("c");
  await pass(99);
  expect(expired).toEqual([]);
  await pass(1);
  expect(expired).toEqual(["c"]);
});

test("nobody's time is up after the line has ended", async () => {
  const { expired, line, pass } = lineOf();
  line.add("a");
  line[Symbol.dispose]();
  await pass(1_000);
  expect(expired).toEqual([]);
});

test("agrees with an array that is searched, whatever happens", async () => {
  const step = fc.oneof(
    fc.constant({ kind: "add" } as const),
    fc.record({ kind: fc.constant("remove" as const), at: fc.nat(20) }),
    fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 80 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { clock, expired, line, pass } = lineOf();
      let standing: { readonly name: string; readonly untilMs: number; place: DeadlinePlace<string> }[] = [];
      const toldOf: string[] = [];
      for (const [index, current] of steps.entries()) {
        if (current.kind === "add") {
          const name = `item-${index}`;
          standing.push({ name, untilMs: clock.monotonicMs() + 100, place: line.add(name) });
        } else if (current.kind === "remove") {
          const [gone] = standing.splice(current.at, 1);
          if (gone !== undefined) expect(line.remove(gone.place)).toBe(true);
        } else {
          await pass(current.ms);
          toldOf.push(
            ...standing.filter(({ untilMs }) => untilMs <= clock.monotonicMs()).map(({ name }) => name),
          );
          standing = standing.filter(({ untilMs }) => untilMs > clock.monotonicMs());
        }
        expect([expired, line.size]).toEqual([toldOf, standing.length]);
      }
    }),
  );
});
