import type { Clock } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { LocalEvent } from "../events.ts";
import { goneWithin, signalProcess } from "../process/process-identity.ts";
import { platformPaths, stopLeftOvers } from "./platform-data.ts";
import { readLockHolder } from "./platform-lock.ts";

export type StopOutcome =
  | { readonly kind: "stopped"; readonly pid: number; readonly durationMs: number }
  | { readonly kind: "not-running" };

/**
 * Stops the platform on a data folder from another process: asks it to drain, waits until it is
 * gone, and stops whatever a run that was killed has left. Nothing running is no error.
 *
 * @throws LOCAL_STOP_TIMEOUT, LOCAL_STOP_FORBIDDEN
 */
export async function stopPlatform(
  dataDir: string,
  options: { readonly timeoutMs?: number },
  ports: { readonly clock: Clock; readonly onEvent: (event: LocalEvent) => void },
): Promise<StopOutcome> {
  const { clock } = ports;
  const timeoutMs = options.timeoutMs ?? 45_000;
  const startedMs = clock.monotonicMs();
  const holder = await readLockHolder(platformPaths(dataDir).lock);
  if (holder) {
    const isSent = signalProcess(holder.pid, "SIGTERM");
    if (!(await goneWithin(holder, isSent ? timeoutMs : 0, clock))) {
      if (!isSent) throw errors.LOCAL_STOP_FORBIDDEN({ pid: holder.pid });
      throw errors.LOCAL_STOP_TIMEOUT({ pid: holder.pid, timeoutMs });
    }
  }
  await stopLeftOvers(dataDir, ports);
  if (!holder) return { kind: "not-running" };
  return { kind: "stopped", pid: holder.pid, durationMs: clock.monotonicMs() - startedMs };
}
