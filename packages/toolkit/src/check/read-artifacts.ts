import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ShippedFiles } from "@tenantry/assurance";
import { errors } from "../errors.ts";
import { reasonOf } from "../write-file-atomically.ts";

const filesMax = 5_000;
const depthMax = 8;
/** The placements of ten thousand tenants take 20 MiB. */
const fileSizeMax = 128 * 1024 * 1024;
const totalSizeMax = 512 * 1024 * 1024;

const manifest = "cloudformation/manifest.json";

/**
 * Reads what `synth` wrote, or what somebody made of it since. Nothing outside of the folder is read: a link is refused,
 * and so is a folder that is larger than any synthesis.
 *
 * @throws TOOLKIT_ARTIFACTS_MISSING, TOOLKIT_ARTIFACTS_UNREADABLE
 */
export async function readArtifacts(folder: string): Promise<ShippedFiles> {
  const found = (await stateOf(join(folder, manifest))) !== null;
  if (!found) throw errors.TOOLKIT_ARTIFACTS_MISSING({ folder });
  const paths = await pathsBelow(folder, "", 0);
  const files: Record<string, string> = Object.create(null) as Record<string, string>;
  let total = 0;
  for (const path of paths.toSorted()) {
    const { text, size } = await readText(folder, path);
    total += size;
    if (total > totalSizeMax) throw unreadable(folder, `it holds more than ${totalSizeMax} bytes`);
    files[path] = text;
  }
  return files;
}

/** The files that synthesis writes: those with a name of theirs, hidden ones and other kinds left alone. */
async function pathsBelow(folder: string, below: string, depth: number): Promise<readonly string[]> {
  if (depth > depthMax) throw unreadable(join(folder, below), `it is more than ${depthMax} folders deep`);
  const paths: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith(".")) continue;
    if (entry.isSymbolicLink()) throw unreadable(join(folder, path), "it is a link");
    if (entry.isDirectory()) paths.push(...(await pathsBelow(folder, path, depth + 1)));
    else if (entry.isFile() && /\.(json|ya?ml)$/.test(entry.name)) paths.push(path);
    if (paths.length > filesMax) throw unreadable(folder, `it holds more than ${filesMax} files`);
  }
  return paths;
}

async function readText(
  folder: string,
  path: string,
): Promise<{ readonly text: string; readonly size: number }> {
  const file = join(folder, path);
  // What became a link since it was listed is not followed.
  await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (failure: unknown) => {
      throw unreadable(file, reasonOf(failure));
    },
  );
  const { size } = await handle.stat();
  if (size > fileSizeMax) throw unreadable(file, `it has ${size} bytes, at most ${fileSizeMax}`);
  const bytes = await handle.readFile();
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), size: bytes.length };
  } catch {
    throw unreadable(file, "it is not UTF-8");
  }
}

const stateOf = (path: string) => lstat(path).catch(() => null);

function unreadable(path: string, detail: string) {
  return errors.TOOLKIT_ARTIFACTS_UNREADABLE({ path, detail });
}
