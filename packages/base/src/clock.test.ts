import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ManualClock, systemClock } from "./clock.ts";

describe("ManualClock", () => {
  it("stands still until told to move", () => {
    const clock = new ManualClock(1_000);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_000, 0]);
    clock.advance(250);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_250, 250]);
  });

  it("wakes a sleeper at its deadline and not a millisecond before", async () => {
    const clock = new ManualClock();
    let awake = false;
    const sleeper = clock.sleep(100).then(() => (awake = true));
    clock.advance(99);
    await settle();
    expect(awake).toBe(false);
    clock.advance(1);
    await sleeper;
    expect(awake).toBe(true);
  });

  it("wakes sleepers in the order of their deadlines, those with the same one in the order they lay down", async () => {
    const durations = fc.array(fc.nat(50), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(durations, fc.array(fc.nat(20), { maxLength: 5 }), async (sleeps, steps) => {
        const clock = new ManualClock();
        const woken: number[] = [];
        sleeps.forEach((durationMs, index) => void clock.sleep(durationMs).then(() => woken.push(index)));
        for (const step of steps) clock.advance(step);
        clock.advance(50);
        await settle();
        const expected = sleeps.map((_, index) => index);
        expected.sort((a, b) => (sleeps[a] ?? 0) - (sleeps[b] ?? 0) || a - b);
        expect(woken).toEqual(expected);
      }),
    );
  });

  it("rejects with the signal's reason, before or during the sleep, and does not wake later", async () => {
    const clock = new ManualClock();
    const reason = new Error("shutting down");
    await expect(clock.sleep(10, AbortSignal.abort(reason))).rejects.toBe(reason);

    const controller = new AbortController();
    const sleeper = clock.sleep(10, controller.signal);
    controller.abort(reason);
    clock.advance(10);
    await expect(sleeper).rejects.toBe(reason);
  });
});

describe("systemClock", () => {
  it("reads the wall clock of the machine", () => {
    const before = Date.now();
    const now = systemClock.nowMs();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it("never goes back, and sleeps at least as long as asked", async () => {
    const startMs = systemClock.monotonicMs();
    await systemClock.sleep(20);
    // Timers count whole milliseconds, so one of them may be missing.
    expect(systemClock.monotonicMs() - startMs).toBeGreaterThanOrEqual(19);
  });

  it("rejects with the signal's reason as soon as it is aborted", async () => {
    const reason = new Error("shutting down");
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeper = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeper).rejects.toBe(reason);
  });

  it("leaves no listener on the signal after a sleep that ended", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await systemClock.sleep(1, signal);
    expect(listeners).toBe(0);
  });
});

/** Lets every promise reaction that is due run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
