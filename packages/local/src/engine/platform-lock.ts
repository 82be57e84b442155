import { createHash, randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { errors } from "../errors.ts";
import type { LocalEvent } from "../events.ts";
import { isErrno } from "../process/errno.ts";
import { identifyThisProcess, isRunning, type ProcessIdentity } from "../process/process-identity.ts";

/**
 * One platform per data folder. The lock is a file that names its holder. It appears complete,
 * by a hard link, which fails if there is one already.
 *
 * Taking over from a holder that is gone must not hit the lock of a rival that was faster. So it
 * happens under a guard, a second link whose name is made from what the stale lock says: whoever
 * has the guard looks again, and replaces the lock only if it still says the same. A guard
 * whose own holder has died is not removed, which would be the same race again; it makes the
 * name of the next guard. The one who takes over clears them away.
 */
export class PlatformLock implements AsyncDisposable {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** @throws LOCAL_PLATFORM_RUNNING */
  static async acquire(
    file: string,
    dataDir: string,
    onEvent: (event: LocalEvent) => void,
  ): Promise<PlatformLock> {
    const candidate = `${file}.${randomUUID()}`;
    await writeFile(candidate, JSON.stringify(await identifyThisProcess()), { mode: 0o600 });
    try {
      for (;;) {
        if (await tryLink(candidate, file)) return new PlatformLock(file);
        const text = await readIfThere(file);
        if (text === undefined) continue;
        const holder = parseIdentity(text);
        if (holder && (await isRunning(holder)))
          throw errors.LOCAL_PLATFORM_RUNNING({ dataDir, pid: holder.pid });
        if (!(await takeOver(file, text, candidate))) continue;
        onEvent({ kind: "stale-lock-removed", pid: holder?.pid ?? null });
        return new PlatformLock(file);
      }
    } finally {
      await rm(candidate, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

/** Who holds the lock and still runs. */
export async function readLockHolder(file: string): Promise<ProcessIdentity | undefined> {
  const identity = parseIdentity((await readIfThere(file)) ?? "");
  return identity && (await isRunning(identity)) ? identity : undefined;
}

/** Whether the lock that said `staleText` is ours now. If not, the caller looks again. */
async function takeOver(file: string, staleText: string, candidate: string): Promise<boolean> {
  const guards: string[] = [];
  for (let seed = staleText; ;) {
    const guard = `${file}.guard-${createHash("sha256").update(seed).digest("hex").slice(0, 16)}`;
    guards.push(guard);
    if (await tryLink(candidate, guard)) break;
    const text = await readIfThere(guard);
    const holder = parseIdentity(text ?? "");
    if (text === undefined || (holder && (await isRunning(holder)))) return false;
    seed = `${text}\n${seed}`;
  }
  const isStillStale = (await readIfThere(file)) === staleText;
  if (isStillStale) await rename(candidate, file);
  const finished = isStillStale ? guards : guards.slice(-1);
  for (const guard of finished) await rm(guard, { force: true });
  return isStillStale;
}

async function tryLink(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<ProcessIdentity>;
    return typeof pid === "number" && typeof startedAt === "string" ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}
