/**
 * The average of a number that changes now and then, over about the last second: what was longer ago
 * counts exponentially less.
 */
export class RecentAverage {
  readonly #spanMs: number;
  #average = 0;
  #value = 0;
  #changedMs: number;

  constructor(spanMs: number, nowMs: number) {
    this.#spanMs = spanMs;
    this.#changedMs = nowMs;
  }

  /** The number is this from now on. */
  set(value: number, nowMs: number): void {
    if (value === this.#value) return;
    this.#average = this.at(nowMs);
    this.#changedMs = nowMs;
    this.#value = value;
  }

  at(nowMs: number): number {
    const kept = Math.exp((this.#changedMs - nowMs) / this.#spanMs);
    return this.#value + (this.#average - this.#value) * kept;
  }
}
