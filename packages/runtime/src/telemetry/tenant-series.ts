import type { Clock } from "@tenantry/base";

export interface TenantSeriesOptions {
  /** How many tenants have series of their own. */
  readonly seriesMax: number;
  readonly clock: Clock;
  /** A tenant has lost its series: what was counted under its label goes. */
  readonly onRemoved: (tenant: string) => void;
}

/** The label of all tenants without series of their own. No tenant's id has an underscore. */
export const otherTenants = "_other";

const windowMs = 5 * 60_000;
/** How long a series is kept at least, in windows: an hour. */
const keptWindows = 12;
/** How many times the recent requests of a tenant with series one without must have to take its place. */
const advantage = 4;
/** How many tenants without series are watched at once. */
const watchedMax = 10_000;

interface Watched {
  /** Requests, of which each window that passes forgets half. */
  score: number;
}

interface Series extends Watched {
  windows: number;
}

/**
 * Which tenants have metrics of their own, so that their number is bounded however many tenants
 * there are.
 *
 * The first tenants that are seen get series until none is free; everybody else counts as
 * `_other`. At the end of each window of five minutes the busiest of those take the places of the
 * quietest with series, but only with four times their recent requests, and only places that were
 * held for an hour. So a tenant that has become loud is seen within minutes, no counter comes and
 * goes, and a counter that does begin again begins at zero, which `rate` understands. The same
 * requests at the same times give the same labels.
 */
export class TenantSeries {
  readonly #options: TenantSeriesOptions;
  readonly #series = new Map<string, Series>();
  readonly #watched = new Map<string, Watched>();
  #windowEndsMs: number;

  constructor(options: TenantSeriesOptions) {
    this.#options = options;
    this.#windowEndsMs = options.clock.monotonicMs() + windowMs;
  }

  /** Counts a request of the tenant. @returns the label to count it under */
  count(tenant: string): string {
    this.turn();
    const series = this.#series.get(tenant);
    if (series !== undefined) {
      series.score += 1;
      return tenant;
    }
    if (this.#series.size < this.#options.seriesMax) {
      this.#series.set(tenant, { score: 1, windows: 0 });
      return tenant;
    }
    const watched = this.#watched.get(tenant);
    if (watched !== undefined) watched.score += 1;
    else if (this.#watched.size < watchedMax) this.#watched.set(tenant, { score: 1 });
    return otherTenants;
  }

  /** Ends the windows whose time has passed. */
  turn(): void {
    const lateMs = this.#options.clock.monotonicMs() - this.#windowEndsMs;
    if (lateMs < 0) return;
    const windows = Math.floor(lateMs / windowMs) + 1;
    this.#windowEndsMs += windows * windowMs;
    for (const series of this.#series.values()) series.windows += windows;
    this.#giveToTheBusiest();
    for (const series of this.#series.values()) series.score /= 2 ** windows;
    for (const [tenant, watched] of this.#watched) {
      watched.score /= 2 ** windows;
      if (watched.score < 0.5) this.#watched.delete(tenant);
    }
  }

  #giveToTheBusiest(): void {
    if (this.#watched.size === 0) return;
    const busiest = [...this.#watched].sort(([a, one], [b, two]) => two.score - one.score || compare(a, b));
    const quietest = [...this.#series]
      .filter(([, { windows }]) => windows >= keptWindows)
      .sort(([a, one], [b, two]) => one.score - two.score || compare(a, b));
    for (const [index, [removed, { score }]] of quietest.entries()) {
      const [tenant, candidate] = busiest[index] ?? [];
      if (tenant === undefined || candidate === undefined || candidate.score < advantage * score) return;
      this.#series.delete(removed);
      this.#watched.delete(tenant);
      this.#series.set(tenant, { score: candidate.score, windows: 0 });
      this.#options.onRemoved(removed);
    }
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
