import { assert } from "@tenantry/base";
import type { Metric, Registry } from "prom-client";

export interface MetricFamilyOptions {
  readonly registry: Registry;
  readonly name: string;
  /** A sentence. */
  readonly help: string;
}

export type SeriesLabels = Readonly<Record<string, string>>;

/**
 * The series of one metric, in the order in which they came. Whoever counts keeps the series it
 * was given and writes to it, so that nothing is looked up by labels, as prom-client's own
 * metrics do for each observation; the registry reads them when it is asked for its text.
 */
export interface MetricFamily<Series> {
  /** A series that begins at zero. Nobody looks whether there is one of the same labels. */
  add(labels: SeriesLabels): Series;
  remove(series: Series): void;
}

export interface CounterSeries {
  readonly labels: SeriesLabels;
  value: number;
}

export interface HistogramSeries {
  readonly labels: SeriesLabels;
  /** Upper bounds of the buckets, ascending. */
  readonly bounds: readonly number[];
  /** By bucket, what was in it and in none before it. What is above all bounds is only in `count`. */
  readonly counts: number[];
  sum: number;
  count: number;
}

export function counterFamily(options: MetricFamilyOptions): MetricFamily<CounterSeries> {
  return register(
    options,
    "counter",
    (labels) => ({ labels, value: 0 }),
    ({ labels, value }) => [{ labels: {}, sharedLabels: labels, value }],
  );
}

export function histogramFamily(
  options: MetricFamilyOptions & { readonly bounds: readonly number[] },
): MetricFamily<HistogramSeries> {
  const { name, bounds } = options;
  return register(
    options,
    "histogram",
    (labels) => ({ labels, bounds, counts: bounds.map(() => 0), sum: 0, count: 0 }),
    (series) => histogramSamples(name, series),
  );
}

export function observe(series: HistogramSeries, value: number): void {
  // It would stay in the sum for good.
  assert(Number.isFinite(value), "what is observed is a number");
  const { bounds, counts } = series;
  for (let bucket = 0; bucket < bounds.length; bucket += 1) {
    if (value <= (bounds[bucket] as number)) {
      counts[bucket] = (counts[bucket] as number) + 1;
      break;
    }
  }
  series.sum += value;
  series.count += 1;
}

/** As prom-client's registry wants it for its text: it writes what is shared once for all samples of a series. */
interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly sharedLabels: SeriesLabels;
  readonly value: number;
}

function histogramSamples(name: string, series: HistogramSeries): Sample[] {
  const { labels: sharedLabels, bounds, counts, sum, count } = series;
  const metricName = `${name}_bucket`;
  let below = 0;
  const buckets = bounds.map((le, bucket) => {
    below += counts[bucket] ?? 0;
    return { metricName, labels: { le }, sharedLabels, value: below };
  });
  return [
    ...buckets,
    { metricName, labels: { le: "+Inf" }, sharedLabels, value: count },
    { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sum },
    { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
  ];
}

/** As prom-client tells it as data. */
function withAllLabels({ labels, sharedLabels, ...sample }: Sample) {
  return { ...sample, labels: { ...labels, ...sharedLabels } };
}

function register<Series>(
  { registry, name, help }: MetricFamilyOptions,
  type: "counter" | "histogram",
  zero: (labels: SeriesLabels) => Series,
  samplesOf: (series: Series) => readonly Sample[],
): MetricFamily<Series> {
  const all = new Set<Series>();
  const head = { name, help, type, aggregator: "sum" };
  const samples = () => [...all].flatMap(samplesOf);
  const metric = {
    ...head,
    getForPromString: async () => ({ ...head, values: samples() }),
    get: async () => ({ ...head, values: samples().map(withAllLabels) }),
  };
  // A registry reads no more than this of a metric, but its types name prom-client's own classes only.
  registry.registerMetric(metric as unknown as Metric);
  return {
    add(labels) {
      const series = zero(labels);
      all.add(series);
      return series;
    },
    remove: (series) => void all.delete(series),
  };
}
