import { controlPlaneOf, hostOf, whatOf } from "../control-plane/control-plane.ts";
import { type ListenerStatus, listenerStatus } from "../control-plane/listener-status.ts";
import { dataFolderOf, locatePlatform } from "../local-platform/locate-platform.ts";
import { recordedPlatforms, type ServiceView } from "../local-platform/running-platforms.ts";
import type { ToolkitPorts } from "../ports.ts";
import { tenantPage } from "./tenant-list.ts";
import { databaseOf } from "./up.ts";

export interface StatusRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
}

export type StatusResult = StoppedStatus | BusyStatus | RunningStatus;

/** It holds its data folder and is not ready: it starts, or stops. */
export interface BusyStatus extends Omit<StoppedStatus, "state"> {
  readonly state: "busy";
}

export interface StoppedStatus {
  readonly state: "stopped";
  /** Absolute path of the definition. */
  readonly config: string;
  /** The platform in words. */
  readonly what: string;
}

export interface RunningStatus {
  readonly state: "running";
  readonly config: string;
  readonly platform: string;
  readonly environment: string;
  readonly pid: number;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly gateway: ListenerStatus;
  readonly control: ListenerStatus;
  readonly database: string;
  /** Absolute path. */
  readonly dataFolder: string;
  /** Null where the control plane does not tell. */
  readonly tenantCount: number | null;
  readonly services: readonly ServiceView[];
}

/** Whether the platform runs, and how its parts are. */
export async function status(request: StatusRequest, ports: ToolkitPorts): Promise<StatusResult> {
  const config = await locatePlatform(request.config, ports);
  const { isPlatformRunning, readState } = await import("@tenantry/local");
  const dataFolder = dataFolderOf(config);
  const state = await readState(dataFolder);
  if (state === null) {
    const isBusy = await isPlatformRunning(dataFolder);
    return { state: isBusy ? "busy" : "stopped", config, what: whatOf(config, ports) };
  }
  const base = `http://${hostOf(state)}`;
  const [gateway, control, tenantCount, records] = await Promise.all([
    listenerStatus(`${base}:${state.gatewayPort}`, ports),
    listenerStatus(`${base}:${state.controlPort}`, ports),
    countTenants(config, state, ports),
    recordedPlatforms(ports.stateFolder),
  ]);
  return {
    state: "running",
    config,
    platform: state.platform,
    environment: state.environment,
    pid: state.pid,
    startedAt: state.readyAt,
    gateway,
    control,
    database: databaseOf(state),
    dataFolder,
    tenantCount,
    services: records.find((record) => record.config === config)?.services ?? [],
  };
}

async function countTenants(
  config: string,
  state: Parameters<typeof controlPlaneOf>[1],
  ports: ToolkitPorts,
): Promise<number | null> {
  try {
    return (await tenantPage(await controlPlaneOf(config, state, ports), 1)).total;
  } catch {
    // A status says what it can: the health of the control plane stands beside this.
    return null;
  }
}
