import type { Manifest, Workspaces } from "./package-order.ts";
import { readRepositoryFile, repositoryPaths } from "./repository-files.ts";

const readManifest = (path: string) => JSON.parse(readRepositoryFile(path).text) as Manifest;

export function readWorkspaces(): Workspaces {
  const folders = repositoryPaths()
    .filter((path) => /^(packages|apps)\/[^/]+\/package\.json$/.test(path))
    .map((path) => path.slice(0, -"/package.json".length));
  return {
    root: readManifest("package.json"),
    manifests: Object.fromEntries(folders.map((folder) => [folder, readManifest(`${folder}/package.json`)])),
  };
}
