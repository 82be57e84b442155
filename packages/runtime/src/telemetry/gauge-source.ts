import type { Clock } from "@tenantry/base";
import { Counter, Gauge, type Registry } from "prom-client";

/** One number, or one for each set of labels. */
export type GaugeReading =
  | number
  | readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];

/** Something that is looked at when metrics are asked for, such as how much waits in a queue. */
export interface GaugeSource {
  /** Begins with `tenantry_`, ends with the unit. */
  readonly name: string;
  /** A sentence. */
  readonly help: string;
  /** Labels with few values each. */
  readonly labels?: readonly string[];
  /** May ask a database; what takes longer than a second is left out of the answer. */
  readonly read: () => GaugeReading | Promise<GaugeReading>;
}

const readTimeoutMs = 1_000;

/** Registers gauges that others read. One that fails or hangs is left out, counted, and does not harm the others. */
export class GaugeSources {
  readonly #registry: Registry;
  readonly #clock: Clock;
  readonly #failures: Counter<"metric">;
  readonly #ended = new AbortController();

  constructor(registry: Registry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
    this.#failures = new Counter({
      name: "tenantry_metrics_read_failures_total",
      help: "Gauges that could not be read, or not in time, when metrics were asked for.",
      labelNames: ["metric"],
      registers: [registry],
    });
  }

  add({ name, help, labels = [], read }: GaugeSource): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      collect: async () => {
        gauge.reset();
        const reading = await this.#inTime(async () => read());
        if (reading === null) {
          gauge.remove();
          this.#failures.inc({ metric: name });
        } else if (typeof reading === "number") gauge.set(reading);
        else for (const { labels: values, value } of reading) gauge.set({ ...values }, value);
      },
    });
  }

  /** Gives up what is still being read. */
  end(): void {
    this.#ended.abort(new Error("the runtime has ended"));
  }

  async #inTime(read: () => Promise<GaugeReading>): Promise<GaugeReading | null> {
    const timer = new AbortController();
    const late = this.#clock.sleep(readTimeoutMs, AbortSignal.any([timer.signal, this.#ended.signal])).then(
      () => null,
      () => null,
    );
    try {
      return await Promise.race([read().catch(() => null), late]);
    } finally {
      timer.abort(new Error("the gauge was read"));
    }
  }
}
