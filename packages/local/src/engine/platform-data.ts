import { access, chmod, constants, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Clock } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { LocalEvent } from "../events.ts";
import { locateDataFolder, movedFolderName } from "../postgres/data-folder.ts";
import { stopLeftOver } from "../postgres/earlier-run.ts";
import { errnoInWords, isErrno } from "../process/errno.ts";
import { endRecordedServices } from "../services/service-records.ts";
import { readLockHolder } from "./platform-lock.ts";

/** What lies in the data folder of a platform, `.tenantry/` beside its definition. */
export interface PlatformPaths {
  /** Says that the folder is ours: nothing without it is ever deleted. */
  readonly marker: string;
  readonly lock: string;
  readonly secrets: string;
  readonly state: string;
  readonly services: string;
  /** See platform-logs.ts. */
  readonly logs: string;
  /** The content of tenants' files. */
  readonly files: string;
  /** The archives of exported tenants. */
  readonly exports: string;
  /** See postgres/data-folder.ts. */
  readonly postgres: string;
}

const markerText = `{ "kind": "tenantry-data", "version": 1 }\n`;

export function platformPaths(dataDir: string): PlatformPaths {
  const dir = resolve(dataDir);
  return {
    marker: join(dir, "data.json"),
    lock: join(dir, "lock.json"),
    secrets: join(dir, "secrets.json"),
    state: join(dir, "state.json"),
    services: join(dir, "services.json"),
    logs: join(dir, "logs"),
    files: join(dir, "files"),
    exports: join(dir, "exports"),
    postgres: join(dir, "postgres"),
  };
}

/** Makes the folder if it is new. @throws LOCAL_DATA_NOT_WRITABLE, LOCAL_DATA_FOREIGN */
export async function openPlatformData(dataDir: string): Promise<PlatformPaths> {
  const paths = platformPaths(dataDir);
  try {
    const isNew = (await mkdir(dataDir, { recursive: true })) !== undefined;
    // Started as root, PostgreSQL is another user, who passes through and reads nothing.
    if (isNew) await chmod(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    await access(dataDir, constants.W_OK | constants.X_OK);
    const names = await readdir(dataDir);
    if (names.length > 0 && !names.includes(basename(paths.marker)))
      throw errors.LOCAL_DATA_FOREIGN({ dataDir });
    if (names.length === 0) {
      // Secrets and databases never belong into a repository, whatever its own ignore file says.
      await writeFile(join(dataDir, ".gitignore"), "*\n");
      await writeFile(paths.marker, markerText);
    }
    return paths;
  } catch (error) {
    if (isErrno(error, "EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST")) {
      throw errors.LOCAL_DATA_NOT_WRITABLE({ dataDir, reason: errnoInWords(error) }, error);
    }
    throw error;
  }
}

/**
 * Deletes the data of a platform that does not run. What a crash left running on them is stopped
 * first. A folder that is not there is no error.
 *
 * @throws LOCAL_PLATFORM_RUNNING, LOCAL_DATA_FOREIGN, LOCAL_DATA_IN_USE
 */
export async function removeData(
  dataDir: string,
  ports: { readonly clock: Clock; readonly onEvent: (event: LocalEvent) => void },
): Promise<void> {
  const names = await readdir(dataDir).catch((error: unknown) => {
    if (isErrno(error, "ENOENT")) return undefined;
    if (isErrno(error, "ENOTDIR")) throw errors.LOCAL_DATA_FOREIGN({ dataDir }, error);
    throw errors.LOCAL_DATA_NOT_WRITABLE({ dataDir, reason: errnoInWords(error) }, error);
  });
  if (names === undefined) return;
  const paths = platformPaths(dataDir);
  const marker = await readFile(paths.marker, "utf8").catch(() => "");
  if (names.length > 0 && !marker.includes("tenantry-data")) throw errors.LOCAL_DATA_FOREIGN({ dataDir });
  const holder = await readLockHolder(paths.lock);
  if (holder) throw errors.LOCAL_PLATFORM_RUNNING({ dataDir, pid: holder.pid });
  await stopLeftOvers(dataDir, ports);
  const postgres = await locateDataFolder(paths.postgres);
  // A pointer that was tampered with must not make us delete something else.
  const isMoved =
    postgres.dir !== postgres.dataDir && basename(postgres.dir) === movedFolderName(postgres.dataDir);
  if (isMoved) await rm(postgres.dir, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

/** Stops the services and the server that a run which was killed has left behind. */
export async function stopLeftOvers(
  dataDir: string,
  { clock, onEvent }: { readonly clock: Clock; readonly onEvent: (event: LocalEvent) => void },
): Promise<void> {
  const paths = platformPaths(dataDir);
  for (const service of await endRecordedServices(paths.services, clock)) {
    onEvent({ kind: "service-left-over-stopped", service });
  }
  await stopLeftOver(await locateDataFolder(paths.postgres), clock, onEvent);
}
