import { isCodedError } from "@tenantry/base";
import { toolkitEvent } from "../events.ts";
import { dataFolderOf, locatePlatform } from "../local-platform/locate-platform.ts";
import { forgetPlatform } from "../local-platform/running-platforms.ts";
import { translateEvent } from "../local-platform/translate-event.ts";
import type { ToolkitPorts } from "../ports.ts";

export interface DownRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
}

export interface DownResult {
  readonly outcome: "stopped" | "was-not-running";
  /** Absolute path of the definition; null where none was found, and so nothing runs. */
  readonly config: string | null;
  readonly durationMs: number;
}

/**
 * Stops the platform that another process runs: asks it to drain and waits until it is gone. What
 * a run that was killed has left behind is stopped as well.
 *
 * @throws LOCAL_STOP_TIMEOUT, LOCAL_STOP_FORBIDDEN, TOOLKIT_CONFIG_MISSING, TOOLKIT_SEVERAL_RUNNING
 */
export async function down(request: DownRequest, ports: ToolkitPorts): Promise<DownResult> {
  const startedMs = ports.clock.monotonicMs();
  const config = await locatePlatform(request.config, ports).catch((failure: unknown) => {
    // No definition here and nothing that runs on this machine: there is nothing to stop.
    if (isCodedError(failure) && failure.code === "TOOLKIT_PLATFORM_MISSING") return null;
    throw failure;
  });
  const durationMs = () => Math.round(ports.clock.monotonicMs() - startedMs);
  if (config === null) return { outcome: "was-not-running", config, durationMs: durationMs() };
  const { isPlatformRunning, stopPlatform } = await import("@tenantry/local");
  const dataFolder = dataFolderOf(config);
  if (await isPlatformRunning(dataFolder)) {
    ports.onEvent(toolkitEvent("TOOLKIT_STOPPING", { waitingFor: "the platform to drain" }));
  }
  const outcome = await stopPlatform(
    dataFolder,
    {},
    {
      clock: ports.clock,
      onEvent: (event) => {
        const translated = translateEvent(event);
        if (translated !== undefined) ports.onEvent(translated);
      },
    },
  );
  await forgetPlatform(ports.stateFolder, config);
  return {
    outcome: outcome.kind === "stopped" ? "stopped" : "was-not-running",
    config,
    durationMs: durationMs(),
  };
}
