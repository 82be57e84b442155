import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A file of this repository, by its path from the root with forward slashes. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

export const repositoryRoot = join(import.meta.dirname, "../..");

const notOurs = new Set([".git", "node_modules", ".tenantry", "coverage"]);

/**
 * The paths that belong to the repository: what git tracks and what it would add. Where there is no
 * git (an unpacked archive, a container) the folders are read instead.
 */
export function repositoryPaths(): readonly string[] {
  const git = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repositoryRoot,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const listed = git.status === 0 ? git.stdout.split("\0") : readdirSync(repositoryRoot).flatMap(pathsUnder);
  const present = listed.filter((path) => path !== "" && isFile(path));
  return [...new Set(present)].sort();
}

function pathsUnder(path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (notOurs.has(name) || name.endsWith(".log") || name === ".DS_Store") return [];
  if (isFile(path)) return [path];
  return readdirSync(join(repositoryRoot, path)).flatMap((child) => pathsUnder(`${path}/${child}`));
}

function isFile(path: string): boolean {
  return statSync(join(repositoryRoot, path), { throwIfNoEntry: false })?.isFile() ?? false;
}

export function sizeBytes(path: string): number {
  return statSync(join(repositoryRoot, path)).size;
}

export function readRepositoryFile(path: string): RepositoryFile {
  return { path, text: readFileSync(join(repositoryRoot, path), "utf8") };
}

/** The files with one of these endings, read. */
export function filesEndingIn(...endings: readonly string[]): readonly RepositoryFile[] {
  return repositoryPaths()
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map(readRepositoryFile);
}

/** Text files: everything but the few formats that are not. */
export function textFiles(): readonly RepositoryFile[] {
  return repositoryPaths()
    .filter((path) => !/\.(png|jpe?g|gif|ico|webp|woff2?|gz|zip)$/.test(path))
    .map(readRepositoryFile);
}

/** What the tests here say of a place: `path:line: what is wrong`. */
export function finding(file: RepositoryFile, offset: number, message: string): string {
  return `${file.path}:${file.text.slice(0, offset).split("\n").length}: ${message}`;
}

/** Whether the file is compared byte by byte with what a program writes, so that no rule may touch it. */
export function isGolden(path: string): boolean {
  return path.includes(".golden.") || path.includes("/expected/");
}
