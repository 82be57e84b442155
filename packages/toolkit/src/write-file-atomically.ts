import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Random } from "@tenantry/base";
import { errors } from "./errors.ts";

/**
 * Writes a file so that a reader, or a crash, sees the old content or the new one and nothing
 * between: to a temporary file beside it, which then takes its name.
 *
 * @returns whether anything was written; a file that has this content already is left alone
 */
export async function writeFileAtomically(path: string, content: string, random: Random): Promise<boolean> {
  if ((await readIfThere(path)) === content) return false;
  const suffix = Buffer.from(random.bytes(6)).toString("hex");
  const temporary = join(dirname(path), `.${basename(path)}.${suffix}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, path);
  } catch (failure) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw errors.TOOLKIT_FILE_UNWRITABLE({ path, detail: reasonOf(failure) }, failure);
  }
  return true;
}

/** The content of a text file; undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (failure) {
    if (isCode(failure, "ENOENT") || isCode(failure, "ENOTDIR")) return undefined;
    throw errors.TOOLKIT_FILE_UNREADABLE({ path, detail: reasonOf(failure) }, failure);
  }
}

function isCode(failure: unknown, code: string): boolean {
  return failure instanceof Error && "code" in failure && failure.code === code;
}

/** `EACCES: permission denied, open '/x'` → `permission denied`. */
export function reasonOf(failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure);
  return /^E[A-Z]+: (.*?),/.exec(message)?.[1] ?? message;
}
