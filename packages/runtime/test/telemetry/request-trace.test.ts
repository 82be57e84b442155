import { SpanKind, TraceFlags } from "@opentelemetry/api";
import { ManualClock } from "@tenantry/base";
import { expect, test } from "vitest";
import { RequestTrace } from "../../src/telemetry/request-trace.ts";
import { SpanMaker } from "../../src/telemetry/span-maker.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

function openTraces(left = 100) {
  const clock = new ManualClock(1_700_000_000_000);
  const late: string[] = [];
  let dropped = 0;
  const budget = { left, onDropped: (spans: number) => (dropped += spans) };
  let ids = 0;
  const newSpanId = () => String((ids += 1)).padStart(16, "0");
  const begin = (isSampled = false) =>
    new RequestTrace({
      traceId,
      spanId: "00f067aa0ba902b7",
      parent: null,
      isSampled,
      clock,
      budget,
      newSpanId,
      onLate: ({ name }) => late.push(name),
    });
  const record = (trace: RequestTrace, name: string) => trace.end(trace.start(name, SpanKind.INTERNAL, {}));
  return { clock, budget, late, begin, record, newSpanId, dropped: () => dropped };
}

test("what a request did is kept until it is decided on, and then counts no more", () => {
  const { budget, begin, record } = openTraces();
  const trace = begin();
  record(trace, "one");
  record(trace, "two");
  expect(budget.left).toBe(98);
  expect(trace.decide(true).map(({ name }) => name)).toEqual(["one", "two"]);
  expect(budget.left).toBe(100);
});

test("what ends after its request follows it if it is kept, and is forgotten if not", () => {
  const { budget, late, begin } = openTraces();
  for (const isKept of [true, false]) {
    const trace = begin();
    const record = trace.start(`late ${isKept}`, SpanKind.INTERNAL, {});
    trace.decide(isKept);
    trace.end(record);
    trace.end(record);
  }
  expect([late, budget.left]).toEqual([["late true"], 100]);
});

test("all requests together keep no more than there may be, and one no more than 128", () => {
  const many = openTraces(30);
  const open = Array.from({ length: 10 }, () => many.begin());
  for (const trace of open) for (let span = 0; span < 10; span += 1) many.record(trace, "inner");
  expect([many.budget.left, many.dropped()]).toEqual([0, 70]);
  for (const trace of open) trace.decide(true);
  expect(many.budget.left).toBe(30);
  const one = openTraces(10_000);
  const trace = one.begin();
  for (let span = 0; span < 200; span += 1) one.record(trace, "inner");
  expect([one.dropped(), trace.decide(true).length]).toEqual([72, 128]);
});

test("spans are made with the ids that services were told, and the times that were measured", () => {
  const { clock, begin, newSpanId } = openTraces();
  const maker = new SpanMaker({ platform: "p", environment: "test", newSpanId });
  const trace = begin(true);
  const root = trace.start("root", SpanKind.SERVER, { "http.route": "/" });
  clock.advance(5);
  const call = trace.start("service /", SpanKind.CLIENT, {});
  const told = trace.contextOf(call);
  clock.advance(20);
  trace.end(call, "SERVICE_FAILED");
  root.endedMs = clock.monotonicMs();
  const [first, second] = maker.make(trace, root, trace.decide(true));
  expect(first?.spanContext()).toMatchObject({ traceId, spanId: "00f067aa0ba902b7", traceFlags: 1 });
  expect([first?.startTime, first?.endTime]).toEqual([
    [1_700_000_000, 0],
    [1_700_000_000, 25_000_000],
  ]);
  expect(second?.spanContext().spanId).toBe(told.spanId);
  expect(second?.parentSpanContext?.spanId).toBe("00f067aa0ba902b7");
  expect(second?.duration).toEqual([0, 20_000_000]);
  expect(second?.attributes).toEqual({ "error.type": "SERVICE_FAILED" });
});

test("a trace that is kept for its end does not say that it was sampled", () => {
  const { begin, record, newSpanId } = openTraces();
  const maker = new SpanMaker({ platform: "p", environment: "test", newSpanId });
  const trace = begin(false);
  record(trace, "inner");
  const spans = maker.make(trace, trace.start("root", SpanKind.SERVER, {}), trace.decide(true));
  expect(spans.map((span) => span.spanContext().traceFlags)).toEqual([TraceFlags.NONE, TraceFlags.NONE]);
});
