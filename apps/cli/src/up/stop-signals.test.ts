import { EventEmitter } from "node:events";
import { ManualClock } from "@tenantry/base";
import { expect, test } from "vitest";
import { samePressMs, watchStopSignals } from "./stop-signals.ts";

function watched() {
  const source = new EventEmitter();
  const clock = new ManualClock();
  const signals = watchStopSignals(source as unknown as NodeJS.Process, clock);
  let isForced = false;
  void signals.forced.then(() => (isForced = true));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { source, clock, signals, isForced: async () => (await settle(), isForced) };
}

test("one press that arrives from the terminal, from npm and from the launcher is one press", async () => {
  const { source, clock, signals, isForced } = watched();
  for (let times = 0; times < 4; times += 1) {
    source.emit("SIGINT", "SIGINT");
    clock.advance(samePressMs / 4);
  }
  expect(await signals.asked).toBe("SIGINT");
  expect(await isForced()).toBe(false);
});

test("a press after that forces", async () => {
  const { source, clock, isForced } = watched();
  source.emit("SIGINT", "SIGINT");
  clock.advance(samePressMs + 1);
  source.emit("SIGINT", "SIGINT");
  expect(await isForced()).toBe(true);
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s asks to stop as well", async (signal) => {
  const { source, signals } = watched();
  expect(signals.isAsked()).toBe(false);
  source.emit(signal, signal);
  expect(await signals.asked).toBe(signal);
  expect(signals.isAsked()).toBe(true);
});

test("released signals have no listener left", () => {
  const { source, signals } = watched();
  signals.release();
  expect(source.eventNames()).toEqual([]);
});
