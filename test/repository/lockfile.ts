import type { Manifest, Workspaces } from "./package-order.ts";

export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

/** A registry's address would send everybody there; what has no digest could be anything. */
export function checkLockEntries(lock: Lockfile): readonly string[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (!path.includes("node_modules/")) return [];
    if (entry.link === true) {
      return entry.resolved !== undefined && /^(packages|apps)\/[a-z-]+$/.test(entry.resolved)
        ? []
        : [`${path}: a link that leads to ${entry.resolved ?? "nowhere"}`];
    }
    const findings: string[] = [];
    if (entry.resolved !== undefined) findings.push(`${path}: names the address ${entry.resolved}`);
    if (entry.integrity?.startsWith("sha512-") !== true && entry.inBundle !== true) {
      findings.push(`${path}: has no SHA-512 digest`);
    }
    return findings;
  });
}

/** `npm ci` refuses a lockfile that leaves out an optional package, also one for another machine. */
export function checkLockComplete(lock: Lockfile): readonly string[] {
  return Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !placesToLook(path).some((place) => `${place}node_modules/${name}` in lock.packages))
      .map((name) => `${path}: its optional ${name} is not in the lockfile`),
  );
}

/** The folders in whose node_modules a package finds its dependencies, the nearest first. */
function placesToLook(path: string): readonly string[] {
  const parts = path.split("/node_modules/");
  const above = parts.map((_, index) => `${parts.slice(0, parts.length - index).join("/node_modules/")}/`);
  return [...above, ""];
}

/** Whether the lockfile says the same as the manifests, and these name exact versions. */
export function checkLockInStep(lock: Lockfile, { root, manifests }: Workspaces): readonly string[] {
  return Object.entries({ "": root, ...manifests }).flatMap(([folder, manifest]) => {
    const place = folder === "" ? "package.json" : `${folder}/package.json`;
    const entry = lock.packages[folder];
    if (entry === undefined) return [`${place}: is not in the lockfile`];
    return kinds.flatMap((kind) => checkKind(place, folder, kind, manifest, entry, lock));
  });
}

function checkKind(
  place: string,
  folder: string,
  kind: (typeof kinds)[number],
  manifest: Manifest,
  entry: LockEntry,
  lock: Lockfile,
): readonly string[] {
  const declared = manifest[kind] ?? {};
  const locked = entry[kind] ?? {};
  const names = [...new Set([...Object.keys(declared), ...Object.keys(locked)])].sort();
  return names.flatMap((name) => {
    const version = declared[name];
    if (version === undefined) return [`${place}: ${name} is in the lockfile only`];
    if (locked[name] !== version)
      return [`${place}: ${name} ${version} is ${locked[name] ?? "absent"} in the lockfile`];
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      return [`${place}: ${name} ${version} is not an exact version`];
    const installed =
      lock.packages[`${folder}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`];
    const target = installed?.link === true ? lock.packages[installed.resolved ?? ""] : installed;
    return target?.version === version
      ? []
      : [`${place}: ${name} ${version} resolves to ${target?.version ?? "nothing"}`];
  });
}
