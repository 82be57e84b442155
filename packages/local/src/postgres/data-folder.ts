import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  access,
  chmod,
  chown,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  statfs,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Clock, type CodedError, isCodedError, type Random } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { PostgresEvent } from "../events.ts";
import { errnoInWords, isErrno } from "../process/errno.ts";
import type { PostgresBinaries } from "./binaries.ts";
import type { ServerUser } from "./server-user.ts";

const run = promisify(execFile);

/**
 * What lies where:
 *
 *     <dataDir>/postgres.log, port      ours
 *     <dataDir>/moved-to                where `server` is, if the server's user cannot enter <dataDir>
 *     <dir>/moved-from                  the other way round, for people who wonder
 *     <dir>/server/password             of the superuser; only we read it
 *     <dir>/server/cluster              PostgreSQL's own, belongs to the server's user
 *     <dir>/building-*                  a `server` that is not complete yet
 *
 * `server` appears by one rename when it is complete, so a set-up that was interrupted is
 * never taken for a database, and a password never belongs to another cluster.
 */
export interface DataFolder {
  readonly dataDir: string;
  /** Where `server` is: `dataDir`, or a place that the server's user can enter. */
  readonly dir: string;
  readonly clusterDir: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly portFile: string;
}

/** PostgreSQL 18 takes 40 MiB when it is new and needs room for its first log segments. */
const neededMiB = 120;

export const superuser = "tenantry";

/** Where PostgreSQL's part of the data folder is; a folder that was never opened is its own place. */
export async function locateDataFolder(dataDir: string): Promise<DataFolder> {
  const real = await realpath(dataDir).catch(() => dataDir);
  const movedTo = await readFile(join(real, "moved-to"), "utf8").catch(() => "");
  return layOut(real, movedTo.trim() || real);
}

/** Makes the folder if it is new, and sees to it that the server's user gets at its part. */
export async function openDataFolder(
  dataDir: string,
  options: { readonly user: ServerUser | null; readonly sharedDir: string },
  onEvent: (event: PostgresEvent) => void,
): Promise<DataFolder> {
  try {
    const isNew = (await mkdir(dataDir, { recursive: true })) !== undefined;
    // The server's user passes through this folder and reads nothing in it.
    if (isNew && options.user) await chmod(dataDir, 0o711);
    await access(dataDir, constants.W_OK | constants.X_OK);
    const folder = await locateDataFolder(dataDir);
    await mkdir(folder.dir, { recursive: true });
    if (!options.user || folder.dir !== folder.dataDir || (await canEnter(folder.dir, options.user)))
      return folder;
    return await moveAway(folder, options.user, options.sharedDir, onEvent);
  } catch (error) {
    throw await explainWriteFailure(dataDir, error);
  }
}

async function moveAway(
  folder: DataFolder,
  user: ServerUser,
  sharedDir: string,
  onEvent: (event: PostgresEvent) => void,
): Promise<DataFolder> {
  const dir = join(sharedDir, movedFolderName(folder.dataDir));
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o711);
  await writeFile(join(dir, "moved-from"), `${folder.dataDir}\n`);
  await writeFile(join(folder.dataDir, "moved-to"), `${dir}\n`);
  onEvent({ kind: "postgres-data-elsewhere", dataDir: folder.dataDir, dir, user: user.name });
  return layOut(folder.dataDir, dir);
}

/** One name per data folder, so that two of them never share a place. */
export function movedFolderName(dataDir: string): string {
  return createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
}

/** Asked of the system itself: modes, access lists and mounts all have a say. */
async function canEnter(dir: string, user: ServerUser): Promise<boolean> {
  return await run("/bin/sh", ["-c", 'cd "$1"', "sh", dir], { cwd: "/", env: {}, ...user.ids }).then(
    () => true,
    () => false,
  );
}

function layOut(dataDir: string, dir: string): DataFolder {
  return {
    dataDir,
    dir,
    clusterDir: join(dir, "server", "cluster"),
    passwordFile: join(dir, "server", "password"),
    logFile: join(dataDir, "postgres.log"),
    portFile: join(dataDir, "port"),
  };
}

/** Creates the cluster if there is none and checks the one that is there. Gives the superuser's password. */
export async function prepareCluster(
  folder: DataFolder,
  options: {
    readonly binaries: PostgresBinaries;
    readonly user: ServerUser | null;
    readonly durability: "full" | "fast";
  },
  ports: { readonly clock: Clock; readonly random: Random; readonly onEvent: (event: PostgresEvent) => void },
): Promise<string> {
  await checkSpace(folder);
  const version = await readFile(join(folder.clusterDir, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version === undefined) return await createCluster(folder, options, ports);
  if (version.trim() !== String(options.binaries.majorVersion)) {
    const found = version.trim();
    throw errors.LOCAL_DATA_VERSION({
      dataDir: folder.dataDir,
      found,
      supported: options.binaries.majorVersion,
    });
  }
  return await readFile(folder.passwordFile, "utf8").then(
    (text) => text.trim(),
    (error: unknown) => {
      throw errors.LOCAL_POSTGRES_PASSWORD({ file: folder.passwordFile }, error);
    },
  );
}

async function checkSpace(folder: DataFolder): Promise<void> {
  if ((await readFreeMiB(folder.dir)) < neededMiB) throw await diskFull(folder.dir);
}

async function readFreeMiB(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return Math.floor((bavail * bsize) / 2 ** 20);
}

export async function diskFull(dir: string, cause?: unknown): Promise<CodedError> {
  return errors.LOCAL_DISK_FULL({ dir, freeMiB: await readFreeMiB(dir), neededMiB }, cause);
}

async function createCluster(
  folder: DataFolder,
  options: {
    readonly binaries: PostgresBinaries;
    readonly user: ServerUser | null;
    readonly durability: "full" | "fast";
  },
  ports: { readonly clock: Clock; readonly random: Random; readonly onEvent: (event: PostgresEvent) => void },
): Promise<string> {
  const startedMs = ports.clock.monotonicMs();
  for (const name of await readdir(folder.dir)) {
    if (!name.startsWith("building-")) continue;
    const dir = join(folder.dir, name);
    await rm(dir, { recursive: true, force: true });
    ports.onEvent({ kind: "postgres-interrupted-setup-removed", dir });
  }
  const building = join(folder.dir, `building-${randomUUID()}`);
  const password = Buffer.from(ports.random.bytes(24)).toString("base64url");
  try {
    await buildCluster(building, password, options);
    await rename(building, join(folder.dir, "server"));
  } catch (error) {
    await rm(building, { recursive: true, force: true }).catch(() => undefined);
    throw await explainWriteFailure(folder.dataDir, error);
  }
  ports.onEvent({
    kind: "postgres-created",
    dir: folder.clusterDir,
    durationMs: ports.clock.monotonicMs() - startedMs,
  });
  return password;
}

async function buildCluster(
  building: string,
  password: string,
  options: {
    readonly binaries: PostgresBinaries;
    readonly user: ServerUser | null;
    readonly durability: "full" | "fast";
  },
): Promise<void> {
  const cluster = join(building, "cluster");
  const passwordFile = join(building, "password");
  await mkdir(building);
  await chmod(building, 0o711);
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flush: true });
  const ids = options.user?.ids;
  if (ids) await Promise.all([chown(cluster, ids.uid, ids.gid), chown(passwordFile, ids.uid, ids.gid)]);
  await run(
    options.binaries.initdb,
    [
      `--pgdata=${cluster}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Sorts by code point, the same on every machine and faster than any library's rules.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
      "--no-instructions",
      ...(options.durability === "fast" ? ["--no-sync"] : []),
    ],
    { cwd: "/", env: {}, ...ids },
  );
  if (ids) await chown(passwordFile, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
}

/** Turns what the file system or initdb said into what to do about it. */
async function explainWriteFailure(dataDir: string, error: unknown): Promise<unknown> {
  if (isCodedError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (isErrno(error, "ENOSPC", "EDQUOT") || text.includes("No space left on device")) {
    return await diskFull(dataDir, error).catch(() => diskFull(dirname(dataDir), error));
  }
  if (
    isErrno(error, "EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST") ||
    /Permission denied|Read-only/.test(text)
  ) {
    const reason = isErrno(error, "EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST")
      ? errnoInWords(error)
      : "permission denied";
    return errors.LOCAL_DATA_NOT_WRITABLE({ dataDir, reason }, error);
  }
  return error;
}
