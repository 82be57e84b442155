import { builtinModules } from "node:module";
import { posix } from "node:path";
import { finding, type RepositoryFile } from "./repository-files.ts";
import { importsOf } from "./syntax-tree.ts";

/** The house from the ground up. A package imports only from packages above it in this list. */
const packageOrder: readonly string[] = [
  "packages/base",
  "packages/service-context",
  "packages/model",
  "packages/assurance",
  "packages/aws",
  "packages/kubernetes",
  "packages/observability",
  "packages/delivery",
  "packages/runtime",
  "packages/operations",
  "packages/local",
  "packages/toolkit",
  "packages/client",
  "apps/cli",
  "apps/server",
  "apps/console",
];

/** These depend on nothing at all. */
const independent: readonly string[] = ["packages/base", "packages/client"];
/** These may import only what is named, though more stands above them. */
const narrowed: Readonly<Record<string, readonly string[]>> = { "apps/console": ["packages/client"] };

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
}

export interface Workspaces {
  readonly root: Manifest;
  /** By folder: `packages/base`. */
  readonly manifests: Readonly<Record<string, Manifest>>;
}

/** What is wrong with the manifests themselves. */
export function checkManifests({ root, manifests }: Workspaces): readonly string[] {
  const findings: string[] = [];
  const known = packageOrder.filter((folder) => folder in manifests);
  for (const folder of Object.keys(manifests)) {
    if (!packageOrder.includes(folder)) findings.push(`${folder} has no place in the order of packages`);
  }
  if (JSON.stringify(root.workspaces) !== JSON.stringify(known)) {
    findings.push(`the workspaces of package.json are not, in this order: ${known.join(", ")}`);
  }
  for (const [folder, manifest] of Object.entries(manifests)) {
    const declared = [
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.peerDependencies ?? {}),
    ];
    if (independent.includes(folder) && declared.length > 0) {
      findings.push(`${folder} depends on ${declared.join(", ")}, but must depend on nothing`);
    }
    for (const name of declared) {
      const upward = whyNotAllowed(folder, folderOf(name, manifests));
      if (upward !== undefined) findings.push(`${folder} depends on ${name}: ${upward}`);
    }
  }
  return findings;
}

/** What is wrong with the imports of one source file. */
export function checkImports(file: RepositoryFile, workspaces: Workspaces): readonly string[] {
  const folder = packageOrder.find((candidate) => file.path.startsWith(`${candidate}/`));
  if (folder === undefined) return [];
  return importsOf(file).flatMap(({ specifier, offset }) => {
    const wrong = specifier.startsWith(".")
      ? checkRelative(file, folder, specifier)
      : checkBare(file, folder, specifier, workspaces);
    return wrong === undefined ? [] : [finding(file, offset, `imports ${specifier}: ${wrong}`)];
  });
}

function checkRelative(file: RepositoryFile, folder: string, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(file.path), specifier);
  // Tests share what starts a database or a browser; nothing that ships may.
  const shared = isTest(file.path) && target.startsWith("test/");
  if (!target.startsWith(`${folder}/`) && !shared) return "a relative import must stay inside its package";
  const isIndex = target === `${folder}/src/index.ts` || target === `${folder}/src`;
  return isIndex && !isUser(file.path, folder)
    ? "inside a package import the file, not the index"
    : undefined;
}

function checkBare(
  file: RepositoryFile,
  folder: string,
  specifier: string,
  { root, manifests }: Workspaces,
): string | undefined {
  if (specifier.startsWith("node:")) return undefined;
  if (builtinModules.includes(specifier)) return `write node:${specifier}`;
  const name = packageName(specifier);
  const manifest = manifests[folder];
  if (manifest === undefined) return "its package has no package.json";
  if (name === manifest.name) {
    return isUser(file.path, folder) ? undefined : "inside a package import the file, not the index";
  }
  const runtime = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  };
  const forTests = { ...runtime, ...manifest.devDependencies, ...root.devDependencies };
  if (!(name in (isTest(file.path) ? forTests : runtime)))
    return `${name} is not declared in ${folder}/package.json`;
  return whyNotAllowed(folder, folderOf(name, manifests));
}

/** A test outside the sources stands where a user of the package stands, and may import its index. */
function isUser(path: string, folder: string): boolean {
  return isTest(path) && !path.startsWith(`${folder}/src/`);
}

function whyNotAllowed(from: string, to: string | undefined): string | undefined {
  if (to === undefined) return undefined;
  const allowed = narrowed[from];
  if (allowed !== undefined)
    return allowed.includes(to) ? undefined : `${from} may import only ${allowed.join(", ")}`;
  return packageOrder.indexOf(to) < packageOrder.indexOf(from) ? undefined : `${to} is not above ${from}`;
}

function folderOf(name: string, manifests: Workspaces["manifests"]): string | undefined {
  return Object.keys(manifests).find((folder) => manifests[folder]?.name === name);
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

export function isTest(path: string): boolean {
  return (
    /\.test\.tsx?$/.test(path) || path.startsWith("test/") || /^(packages|apps)\/[^/]+\/test\//.test(path)
  );
}
