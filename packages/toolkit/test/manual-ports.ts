import { ManualClock, seededRandom } from "@tenantry/base";
import type { ToolkitEvent, ToolkitPorts } from "../src/index.ts";

/** Ports that reach nothing, and what was told through them. */
export function manualPorts(cwd: string): ToolkitPorts & { readonly events: ToolkitEvent[] } {
  const events: ToolkitEvent[] = [];
  return {
    clock: new ManualClock(),
    random: seededRandom(1),
    fetch: () => Promise.reject(new Error("this test reaches no network")),
    cwd,
    user: "ada@laptop",
    stateFolder: `${cwd}/.state`,
    onEvent: (event) => events.push(event),
    events,
  };
}
