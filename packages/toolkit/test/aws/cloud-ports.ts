import { systemClock, systemRandom } from "@tenantry/base";
import {
  connectCloud,
  type DeploymentPorts,
  type DeploymentSettings,
  type ToolkitEvent,
} from "../../src/index.ts";

/** Fast enough for tests; the emulator works for some ten milliseconds where AWS works for minutes. */
export const fastSettings: DeploymentSettings = {
  stackConcurrency: 4,
  tenantConcurrency: 10,
  waves: [1, "10%", "rest"],
  pollMs: 25,
  lock: { leaseMs: 3_000, settleMs: 100 },
};

/** Ports that reach an emulator, and what was told through them. */
export async function cloudPorts(
  endpoint: string,
  user = "ada@laptop",
): Promise<DeploymentPorts & { readonly events: ToolkitEvent[] }> {
  const events: ToolkitEvent[] = [];
  const cloud = await connectCloud(
    {
      homeRegion: "us-east-1",
      endpoint,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      calls: { rate: { perSecond: 400, burst: 200 }, pauseMs: 20, pauseMaxMs: 500, attemptsMax: 20 },
    },
    { clock: systemClock, random: systemRandom, onRetry: () => undefined },
  );
  return {
    clock: systemClock,
    random: systemRandom,
    fetch,
    cwd: process.cwd(),
    stateFolder: process.cwd(),
    user,
    onEvent: (event) => events.push(event),
    cloud,
    events,
  };
}

/** With a lease so short that a test can wait for that of a process that was killed. */
export const crashSettings: DeploymentSettings = {
  ...fastSettings,
  tenantConcurrency: 3,
  lock: { leaseMs: 800, settleMs: 50 },
};
