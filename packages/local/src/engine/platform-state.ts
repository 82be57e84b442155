import { readFile, rm } from "node:fs/promises";
import { stableJson } from "@tenantry/base";
import { isRunning } from "../process/process-identity.ts";
import { platformPaths } from "./platform-data.ts";
import { readLockHolder } from "./platform-lock.ts";
import { writePrivateFile } from "./private-file.ts";

/** What another process has to know of a platform that is up. It holds no secret. */
export interface PlatformState {
  readonly kind: "platform-state";
  readonly pid: number;
  /** Of the process, opaque. */
  readonly startedAt: string;
  /** When it was ready: RFC 3339, UTC. */
  readonly readyAt: string;
  readonly platform: string;
  readonly environment: string;
  readonly host: string;
  readonly gatewayUrl: string;
  readonly gatewayPort: number;
  readonly controlUrl: string;
  readonly controlPort: number;
  /** The `iss` of its tokens. */
  readonly issuerUrl: string;
  readonly database: {
    readonly kind: "embedded" | "external";
    readonly host: string;
    readonly port: number;
  };
}

/** The platform that is up on this data folder; null when none is, also if its file was left behind. */
export async function readState(dataDir: string): Promise<PlatformState | null> {
  const text = await readFile(platformPaths(dataDir).state, "utf8").catch(() => "null");
  try {
    const state = JSON.parse(text) as PlatformState | null;
    return state?.kind === "platform-state" && (await isRunning(state)) ? state : null;
  } catch {
    return null;
  }
}

/** Whether a platform holds the data folder: up, starting or stopping. */
export async function isPlatformRunning(dataDir: string): Promise<boolean> {
  return (await readLockHolder(platformPaths(dataDir).lock)) !== undefined;
}

export async function writeState(dataDir: string, state: PlatformState): Promise<void> {
  await writePrivateFile(platformPaths(dataDir).state, stableJson(state));
}

export async function removeState(dataDir: string): Promise<void> {
  await rm(platformPaths(dataDir).state, { force: true });
}
