import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { ManualClock } from "@tenantry/base";
import { expect, test } from "vitest";
import { SpanQueue } from "../../src/telemetry/span-queue.ts";

type Answer = Parameters<SpanExporter["export"]>[1];

/** An exporter that answers when it is told to. */
function openQueue(waitingMax: number) {
  const clock = new ManualClock();
  const batches: { readonly size: number; readonly answer: Answer }[] = [];
  const sent: number[] = [];
  const dropped: string[] = [];
  const states: string[] = [];
  const queue = new SpanQueue({
    exporter: {
      export: (spans, answer) => void batches.push({ size: spans.length, answer }),
      shutdown: async () => undefined,
    },
    clock,
    waitingMax,
    onSent: (spans) => sent.push(spans),
    onDropped: (spans, reason) => dropped.push(`${spans} ${reason}`),
    onState: (state, reason) => states.push(`${state}: ${reason}`),
  });
  const add = (count: number) => queue.add(Array.from({ length: count }, () => ({}) as ReadableSpan));
  /** Lets what is due happen: timers first, then what waits for them. */
  const pass = async (durationMs: number) => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(durationMs);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, add, pass, batches, sent, dropped, states };
}

test("spans go out together after a second, or as soon as a batch is full", async () => {
  const { add, pass, batches } = openQueue(2_048);
  add(1);
  add(2);
  await pass(900);
  expect(batches.length).toBe(0);
  await pass(100);
  expect(batches.map(({ size }) => size)).toEqual([3]);
  batches[0]?.answer({ code: 0 });
  add(600);
  await pass(0);
  expect(batches.map(({ size }) => size)).toEqual([3, 512]);
});

test("with a receiver that hangs never more than the queue and one batch are kept", async () => {
  const { queue, add, pass, batches, dropped } = openQueue(1_000);
  for (let trace = 0; trace < 400; trace += 1) {
    add(10);
    if (trace % 50 === 0) await pass(10);
  }
  expect(queue.waiting).toBeLessThanOrEqual(1_000);
  expect(batches.length).toBe(1);
  const lost = dropped.reduce((sum, one) => sum + Number.parseInt(one, 10), 0);
  expect(lost).toBe(4_000 - queue.waiting - (batches[0]?.size ?? 0));
  expect(dropped.every((one) => one === "10 queue-full")).toBe(true);
});

test("a batch that gets no answer is given up, and the next one is tried", async () => {
  const { add, pass, batches, dropped, states } = openQueue(100);
  add(1);
  await pass(1_000);
  await pass(5_000);
  expect(dropped).toEqual(["1 export-failed"]);
  expect(states).toEqual(["away: no answer in time"]);
  add(2);
  await pass(1_000);
  expect(batches.map(({ size }) => size)).toEqual([1, 2]);
});

test("that the receiver is away is told once, and that it is back too", async () => {
  const { add, pass, batches, states, sent } = openQueue(100);
  for (const [index, error] of [new Error("refused"), new Error("refused"), null, null].entries()) {
    add(1);
    await pass(1_000);
    batches[index]?.answer(error === null ? { code: 0 } : { code: 1, error });
    await pass(0);
  }
  expect(states).toEqual(["away: refused", "connected: null"]);
  expect(sent).toEqual([1, 1]);
});

test("what waits is sent before the end, and the end is not kept waiting", async () => {
  const quick = openQueue(100);
  quick.add(5);
  const ended = quick.queue[Symbol.asyncDispose]();
  await quick.pass(0);
  quick.batches[0]?.answer({ code: 0 });
  await quick.pass(0);
  await ended;
  expect(quick.sent).toEqual([5]);

  const hanging = openQueue(2_000);
  hanging.add(1_000);
  const given = hanging.queue[Symbol.asyncDispose]();
  await hanging.pass(3_000);
  await hanging.pass(250);
  await given;
  expect(hanging.dropped).toEqual(["488 queue-full"]);
});
