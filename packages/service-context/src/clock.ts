/** Wall-clock time as a parameter, so that tests can move it. */
export interface ContextClock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
}

export const machineClock: ContextClock = Object.freeze({ nowMs: () => Date.now() });
