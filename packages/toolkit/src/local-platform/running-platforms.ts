import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Random } from "@tenantry/base";
import { readIfThere, writeFileAtomically } from "../write-file-atomically.ts";

/**
 * Which platforms this user has started on this machine, so that a command finds the one that
 * runs from any folder. One small file each, written when a platform is up and removed when it is
 * down. A file can outlive its platform (kill -9): whether one runs is asked of its data folder.
 */
export interface PlatformRecord {
  /** Absolute path of the definition. */
  readonly config: string;
  readonly environment: string;
  /** How its services were when they last changed. */
  readonly services: readonly ServiceView[];
}

/** One of the definition's own services on this machine. */
export interface ServiceView {
  readonly name: string;
  /** `absent` exists as an image only; `failing` ends again and again, or does not answer. */
  readonly state: "absent" | "starting" | "ready" | "failing";
  readonly detail: string;
}

export async function recordPlatform(
  stateFolder: string,
  record: PlatformRecord,
  random: Random,
): Promise<void> {
  await writeFileAtomically(recordPath(stateFolder, record.config), `${JSON.stringify(record)}\n`, random);
}

export async function forgetPlatform(stateFolder: string, config: string): Promise<void> {
  await rm(recordPath(stateFolder, config), { force: true });
}

/** All that were started and not stopped, in the order of their paths. */
export async function recordedPlatforms(stateFolder: string): Promise<readonly PlatformRecord[]> {
  const folder = join(stateFolder, "running");
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith(".json") && !name.startsWith("."))
      .map((name) => readIfThere(join(folder, name))),
  );
  return texts
    .map(parseRecord)
    .filter((record) => record !== undefined)
    .sort((a, b) => (a.config < b.config ? -1 : 1));
}

function recordPath(stateFolder: string, config: string): string {
  const name = createHash("sha256").update(config).digest("hex").slice(0, 16);
  return join(stateFolder, "running", `${name}.json`);
}

/** A record of another version, or half a file, is no record. */
function parseRecord(text: string | undefined): PlatformRecord | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value !== "object" || value === null) return undefined;
    const { config, environment, services } = value as Partial<PlatformRecord>;
    const isRecord = typeof config === "string" && typeof environment === "string" && Array.isArray(services);
    return isRecord ? { config, environment, services } : undefined;
  } catch {
    return undefined;
  }
}
