import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { errors } from "../errors.ts";

export const definitionFileName = "tenantry.config.ts";

/**
 * Finds the definition: the file that `config` names, or the nearest `tenantry.config.ts` in
 * `cwd` or a folder above it.
 *
 * @returns the absolute path, or undefined when no file was named and none is found
 * @throws TOOLKIT_CONFIG_MISSING when the named file does not exist
 */
export function findDefinition(cwd: string, config: string | undefined): string | undefined {
  if (config !== undefined) {
    const path = resolve(cwd, config);
    if (!existsSync(path)) throw errors.TOOLKIT_CONFIG_MISSING({ path: config });
    return path;
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, definitionFileName);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

/** A path as the user would write it from `cwd`: relative where it lies below, absolute elsewhere. */
export function displayPath(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  if (fromHere === "") return ".";
  return fromHere.startsWith("..") ? path : fromHere;
}
