import type { Clock } from "@tenantry/base";
import type { LocalEvent, PhaseName, StopName } from "../events.ts";

interface PhasePorts {
  readonly clock: Clock;
  readonly onEvent: (event: LocalEvent) => void;
}

/** Above what the parts allow themselves: these are for a part that hangs. */
const stopLimitMs = {
  gateway: 15_000,
  operations: 10_000,
  services: 10_000,
  database: 5_000,
  postgresql: 25_000,
} as const;

/** Runs one part of the start and tells how it went. */
export async function phase<Result>(
  name: PhaseName,
  ports: PhasePorts,
  fn: () => Promise<Result>,
): Promise<Result> {
  const { clock, onEvent } = ports;
  const startedMs = clock.monotonicMs();
  const tell = (status: "started" | "done" | "failed") =>
    onEvent({ kind: "phase", name, status, durationMs: clock.monotonicMs() - startedMs });
  tell("started");
  try {
    const result = await fn();
    tell("done");
    return result;
  } catch (error) {
    tell("failed");
    throw error;
  }
}

/** Stops one part. One that hangs must not keep the parts after it from being stopped. */
export async function stopWithin(
  name: StopName,
  stop: () => PromiseLike<unknown>,
  ports: PhasePorts,
): Promise<void> {
  const limitMs = stopLimitMs[name];
  ports.onEvent({ kind: "stopping", name });
  const timer = new AbortController();
  const late = ports.clock.sleep(limitMs, timer.signal).then(
    () => true,
    () => false,
  );
  const isLate = await Promise.race([late, stop().then(() => false)]).finally(() =>
    timer.abort(new Error(`${name} has stopped`)),
  );
  if (isLate) ports.onEvent({ kind: "stop-overdue", name, limitMs });
}
