import type { Clock, Random } from "@tenantry/base";
import type { ToolkitEvent } from "./events.ts";

/** What an action needs of the world around it. */
export interface ToolkitPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Reaches the control plane. */
  readonly fetch: typeof fetch;
  /** Absolute path of the folder that the user stands in. */
  readonly cwd: string;
  /** Absolute path of a folder of this user's where the running platforms are written down. */
  readonly stateFolder: string;
  /** Who asks, for the audit trail: such as ada@laptop. */
  readonly user: string;
  readonly onEvent: (event: ToolkitEvent) => void;
}
