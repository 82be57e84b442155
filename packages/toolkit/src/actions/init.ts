import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { definitionFileName, displayPath } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import { toolkitEvent } from "../events.ts";
import type { ToolkitPorts } from "../ports.ts";
import { starterDefinition } from "../starter/starter-definition.ts";
import { readIfThere, reasonOf, writeFileAtomically } from "../write-file-atomically.ts";

export interface InitRequest {
  /** Where to write, relative to the folder that the user stands in; that one without it. */
  readonly folder?: string;
}

export interface InitResult {
  /** Absolute path of the definition. */
  readonly config: string;
  /** Absolute paths of what was written or changed. */
  readonly written: readonly string[];
}

/** Writes a starter definition, and keeps its data folder out of git. Overwrites nothing. */
export async function init(request: InitRequest, ports: ToolkitPorts): Promise<InitResult> {
  const folder = resolve(ports.cwd, request.folder ?? ".");
  const config = join(folder, definitionFileName);
  await writeNew(config, starterDefinition, ports.cwd);
  const written = [config];
  const ignore = join(folder, ".gitignore");
  if (await ignoreDataFolder(ignore, ports)) written.push(ignore);
  for (const path of written) {
    ports.onEvent(toolkitEvent("TOOLKIT_FILE_WRITTEN", { path: displayPath(path, ports.cwd) }));
  }
  return { config, written };
}

/** The file system decides whether the file is new: nobody can put one there in between. */
async function writeNew(path: string, content: string, cwd: string): Promise<void> {
  const shown = displayPath(path, cwd);
  let isFolderThere = false;
  try {
    await mkdir(dirname(path), { recursive: true });
    isFolderThere = true;
    await writeFile(path, content, { flag: "wx" });
  } catch (failure) {
    // A file in the place of the folder is "exists already" too, but not of the definition.
    const exists = failure instanceof Error && "code" in failure && failure.code === "EEXIST";
    if (exists && isFolderThere) throw errors.TOOLKIT_INIT_EXISTS({ path: shown });
    throw errors.TOOLKIT_FILE_UNWRITABLE({ path: shown, detail: reasonOf(failure) }, failure);
  }
}

/** Adds `.tenantry/` to a .gitignore that does not have it. */
async function ignoreDataFolder(path: string, { random }: ToolkitPorts): Promise<boolean> {
  const content = (await readIfThere(path)) ?? "";
  const isIgnored = content.split(/\r?\n/).some((line) => /^\/?\.tenantry\/?$/.test(line.trim()));
  if (isIgnored) return false;
  const separator = content === "" || content.endsWith("\n") ? "" : "\n";
  return writeFileAtomically(path, `${content}${separator}.tenantry/\n`, random);
}
