import type { Clock } from "@tenantry/base";

/** Which requests are traced whatever becomes of them. */
export interface SamplingConfig {
  /** Percent of the requests. The definition's where not given. */
  readonly samplePercent?: number;
  /** Percent of the requests of an endpoint while it has very many. The definition's where not given. */
  readonly highVolumeSamplePercent?: number;
  /** From how many requests per second an endpoint has very many. The definition's where not given. */
  readonly highVolumeRequestsPerSecond?: number;
  /** Percent by route, such as `/v2/documents/:collection/:id`: however many requests it has. */
  readonly routes?: Readonly<Record<string, number>>;
}

interface RouteRate {
  second: number;
  requests: number;
  /** Whether the second before had very many. */
  wasHigh: boolean;
}

/**
 * The share of requests that is traced from the start: less where an endpoint has so many that a
 * small share says as much. Which request it is follows from its trace id, so that all who see the trace agree.
 */
export class HeadSampling {
  readonly #config: Required<SamplingConfig>;
  readonly #clock: Clock;
  /** Bounded by the number of routes, which are templates. */
  readonly #rates = new Map<string, RouteRate>();

  constructor(config: Required<SamplingConfig>, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
  }

  /** Counts a request of the route. @returns the share of its requests that is sampled now, from 0 to 1 */
  shareOf(route: string): number {
    const { routes, samplePercent, highVolumeSamplePercent } = this.#config;
    const fixed = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (fixed !== undefined) return fixed / 100;
    const percent = this.#hasVeryMany(route)
      ? Math.min(samplePercent, highVolumeSamplePercent)
      : samplePercent;
    return percent / 100;
  }

  #hasVeryMany(route: string): boolean {
    const second = Math.floor(this.#clock.monotonicMs() / 1_000);
    const rate = this.#rates.get(route);
    if (rate === undefined) {
      this.#rates.set(route, { second, requests: 1, wasHigh: false });
      return false;
    }
    const most = this.#config.highVolumeRequestsPerSecond;
    if (rate.second !== second) {
      rate.wasHigh = rate.second === second - 1 && rate.requests >= most;
      rate.second = second;
      rate.requests = 0;
    }
    rate.requests += 1;
    return rate.wasHigh || rate.requests > most;
  }
}

/** Whether the trace is in the share, by the last 32 bits of its id, which are random. */
export function isInShare(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < share * 2 ** 32;
}
