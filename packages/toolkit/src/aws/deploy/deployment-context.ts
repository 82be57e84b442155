import type { Clock } from "@tenantry/base";
import type { AssemblyManifest } from "@tenantry/aws";
import type { ToolkitEvent } from "../../events.ts";
import type { ToolkitPorts } from "../../ports.ts";
import type { Cloud } from "../cloud/cloud.ts";
import { StackWatch } from "./stack-watch.ts";

/** What actions on AWS need besides what every action needs. */
export interface DeploymentPorts extends ToolkitPorts {
  readonly cloud: Cloud;
}

/** What the steps of one deployment share. */
export interface DeploymentContext {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly onEvent: (event: ToolkitEvent) => void;
  readonly owner: Pick<AssemblyManifest, "platform" | "environment" | "dataProtection">;
  readonly pollMs: number;
  /** What the user allows by name, such as "replace:data/MainCluster". */
  readonly allow: ReadonlySet<string>;
  /** Aborted when no new work may begin. */
  readonly signal: AbortSignal;
  watch(region: string): StackWatch;
}

export function deploymentContext(options: Omit<DeploymentContext, "watch">): DeploymentContext {
  const watches = new Map<string, StackWatch>();
  return {
    ...options,
    watch: (region) => {
      let watch = watches.get(region);
      if (watch === undefined) {
        watch = new StackWatch(options.cloud.region(region).stacks, options.clock, options.pollMs);
        watches.set(region, watch);
      }
      return watch;
    },
  };
}
