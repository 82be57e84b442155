import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { displayPath, findDefinition } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import type { ToolkitPorts } from "../ports.ts";
import { recordedPlatforms } from "./running-platforms.ts";

type Folder = Pick<ToolkitPorts, "cwd" | "stateFolder">;

/** The definition that `up` runs. @throws TOOLKIT_DEFINITION_MISSING, TOOLKIT_CONFIG_MISSING */
export function locateDefinition(config: string | undefined, { cwd }: Pick<ToolkitPorts, "cwd">): string {
  const path = findDefinition(cwd, config);
  if (path === undefined) throw errors.TOOLKIT_DEFINITION_MISSING({ folder: cwd });
  return path;
}

/**
 * The definition of the platform that a command is about: the one that is named, else the
 * nearest, else the one that runs on this machine, or of several the one below this folder.
 *
 * @throws TOOLKIT_CONFIG_MISSING, TOOLKIT_PLATFORM_MISSING, TOOLKIT_SEVERAL_RUNNING
 */
export async function locatePlatform(config: string | undefined, ports: Folder): Promise<string> {
  const path = findDefinition(ports.cwd, config);
  if (path !== undefined) return path;
  const running = await runningConfigs(ports.stateFolder);
  const meant = meantFrom(ports.cwd, running);
  if (meant !== undefined) return meant;
  if (running.length > 1) {
    throw errors.TOOLKIT_SEVERAL_RUNNING({ configs: running.map((other) => displayPath(other, ports.cwd)) });
  }
  throw errors.TOOLKIT_PLATFORM_MISSING({ folder: ports.cwd });
}

/** Of the definitions that run, the only one, or the only one below `cwd`; undefined where that is unclear. */
export function meantFrom(cwd: string, running: readonly string[]): string | undefined {
  if (running.length === 1) return running[0];
  const below = running.filter((config) => displayPath(config, cwd) !== config);
  return below.length === 1 ? below[0] : undefined;
}

/**
 * The option that a command needs from `cwd` to mean the platform of `config`: nothing where it
 * is found without, else ` --config <path>`.
 */
export async function selectionFrom(config: string, ports: Folder): Promise<string> {
  const found = await locatePlatform(undefined, ports).catch(() => undefined);
  return found === config ? "" : ` --config ${displayPath(config, ports.cwd)}`;
}

/** Where the data of the platform of a definition are. */
export function dataFolderOf(config: string): string {
  return join(dirname(config), ".tenantry");
}

/** Where the output of a platform in the background goes; not into its data, which --fresh deletes. */
export function logFileOf(config: string, { stateFolder }: Pick<ToolkitPorts, "stateFolder">): string {
  const name = createHash("sha256").update(resolve(config)).digest("hex").slice(0, 16);
  return join(stateFolder, "logs", `${name}.log`);
}

async function runningConfigs(stateFolder: string): Promise<readonly string[]> {
  const records = await recordedPlatforms(stateFolder);
  if (records.length === 0) return [];
  const { isPlatformRunning } = await import("@tenantry/local");
  const isRunning = await Promise.all(records.map(({ config }) => isPlatformRunning(dataFolderOf(config))));
  return records.filter((_, index) => isRunning[index]).map(({ config }) => config);
}
