// What our series tell is what prom-client's own metrics tell of the same observations.
import fc from "fast-check";
import { Counter, Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { counterFamily, type HistogramSeries, histogramFamily, observe } from "./metric-family.ts";

const bounds = [0.001, 0.25, 1, 5];
const help = "A line\nand a \\ backslash.";

interface Observation {
  readonly route: string;
  readonly value: number;
  /** Takes the series away before it is observed. */
  readonly removes: boolean;
}

const observations = fc.array(
  fc.record({
    route: fc.oneof(
      fc.constantFrom("/v2/documents/:id", "unmatched", 'a "quoted" \\ value\n'),
      fc.string({ maxLength: 4, unit: "binary" }),
    ),
    value: fc.oneof(
      fc.constantFrom(0, -1, 1e21, 1e-9, ...bounds),
      fc.double({ min: 0, max: 10, noNaN: true }),
    ),
    removes: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  }),
  { maxLength: 60 },
);

function theirs(observed: readonly Observation[]): Registry {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ["listener", "route"];
  const counter = new Counter({ name: "a_total", help, labelNames, registers });
  const histogram = new Histogram({ name: "a_seconds", help, labelNames, buckets: bounds, registers });
  for (const { route, value, removes } of observed) {
    const labels = { listener: "gateway", route };
    if (removes) {
      counter.remove(labels);
      histogram.remove(labels);
    }
    counter.inc(labels);
    histogram.observe(labels, value);
  }
  return registry;
}

function ours(observed: readonly Observation[]): Registry {
  const registry = new Registry();
  const counters = counterFamily({ registry, name: "a_total", help });
  const histograms = histogramFamily({ registry, name: "a_seconds", help, bounds });
  const add = (route: string) => {
    const labels = { listener: "gateway", route };
    return { counter: counters.add(labels), histogram: histograms.add(labels) };
  };
  const all = new Map<string, ReturnType<typeof add>>();
  for (const { route, value, removes } of observed) {
    const old = all.get(route);
    if (removes && old !== undefined) {
      counters.remove(old.counter);
      histograms.remove(old.histogram);
      all.delete(route);
    }
    const series = all.get(route) ?? add(route);
    all.set(route, series);
    series.counter.value += 1;
    observe(series.histogram, value);
  }
  return registry;
}

test("any observations give the text and the data that prom-client's metrics give", async () => {
  await fc.assert(
    fc.asyncProperty(observations, async (observed) => {
      expect(await ours(observed).metrics()).toBe(await theirs(observed).metrics());
      expect(await theirs(observed).getMetricsAsJSON()).toMatchObject(
        await ours(observed).getMetricsAsJSON(),
      );
    }),
  );
});

test("one observation more, or in another bucket, is another text", async () => {
  const one = { route: "/", value: 0.25, removes: false };
  const text = await theirs([one]).metrics();
  expect(await ours([one]).metrics()).toBe(text);
  expect(await ours([one, one]).metrics()).not.toBe(text);
  expect(await ours([{ ...one, value: 0.250001 }]).metrics()).not.toBe(text);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("%s is a bug and changes nothing", (value) => {
  const series: HistogramSeries = { labels: {}, bounds, counts: [0, 0, 0, 0], sum: 0, count: 0 };
  expect(() => observe(series, value)).toThrow("what is observed is a number");
  expect(series).toEqual({ labels: {}, bounds, counts: [0, 0, 0, 0], sum: 0, count: 0 });
});
