import { errors } from "../errors.ts";
import { fillPattern, hasTenant } from "../pattern.ts";
import type { PlatformFunction, PlatformService, PlatformStore } from "../platform.ts";
import { formatPath, type Path } from "../problem.ts";
import { isTenantId, tenantIdLengthMin } from "../tenant-id.ts";
import type { Report } from "./report.ts";

/** Where a name comes from, what it names, and how long AWS lets it be. */
export interface NamedPattern {
  readonly what: keyof typeof limits;
  readonly path: Path;
  readonly pattern: string;
}

const limits = {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  bucket: { min: 3, max: 63 },
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
  secret: { min: 1, max: 512 },
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  "log group": { min: 1, max: 512 },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  role: { min: 1, max: 64 },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  "target group": { min: 1, max: 32 },
} as const;

/** Every name of a region that AWS compares with others, with {tenant} still open. */
export function namedPatterns(region: {
  readonly services: Readonly<Record<string, PlatformService>>;
  readonly functions: Readonly<Record<string, PlatformFunction>>;
  readonly stores: Readonly<Record<string, PlatformStore>>;
}): readonly NamedPattern[] {
  const all: NamedPattern[] = [];
  const add = (what: NamedPattern["what"], path: Path, pattern: string | null) => {
    if (pattern !== null) all.push({ what, path, pattern });
  };
  for (const [name, { names, logs }] of Object.entries(region.services)) {
    const path = ["services", name];
    add("role", [...path, "names", "taskRole"], names.taskRole);
    add("role", [...path, "names", "executionRole"], names.executionRole);
    add("target group", [...path, "names", "targetGroup"], names.targetGroup);
    add("log group", [...path, "logs", "group"], logs.group);
    add("log group", [...path, "logs", "group"], logs.tenantGroup);
  }
  for (const [name, { logs }] of Object.entries(region.functions)) {
    add("log group", ["functions", name, "logs", "group"], logs.group);
  }
  for (const [name, store] of Object.entries(region.stores)) {
    const path = ["stores", name];
    if (store.kind === "bucket") {
      add("bucket", [...path, "name"], store.bucket);
      add("bucket", [...path, "name"], store.tenantBucket);
    } else if (store.kind === "redis" || store.kind === "broker") {
      add("secret", [...path, "secret"], store.secret);
    } else if (store.kind === "postgres" || store.kind === "documentdb") {
      add("secret", [...path, "credentials", "masterSecret"], store.credentials.masterSecret);
      add("secret", [...path, "credentials", "tenantSecret"], store.credentials.tenantSecret);
    }
  }
  return all;
}

/** Names must fit whatever tenant comes, and no two may meet, whoever the two tenants are. */
export function checkNames(named: readonly NamedPattern[], tenantIdLengthMax: number, report: Report): void {
  for (const { what, path, pattern } of named) {
    const { min, max } = limits[what];
    const fixed = pattern.replaceAll("{tenant}", "").length;
    const count = pattern.split("{tenant}").length - 1;
    const longest = fixed + count * tenantIdLengthMax;
    const shortest = fixed + count * tenantIdLengthMin;
    if (longest > max) {
      const tenantMax = count === 0 ? null : Math.floor((max - fixed) / count);
      report(
        path,
        errors.MODEL_NAME_TOO_LONG({ what: `a ${what}`, pattern, length: longest, limit: max, tenantMax }),
      );
    }
    if (shortest < min) {
      report(path, errors.MODEL_NAME_TOO_SHORT({ what: `a ${what}`, pattern, length: shortest, least: min }));
    }
  }
  checkCollisions(named, report);
}

function checkCollisions(named: readonly NamedPattern[], report: Report): void {
  for (const [index, first] of named.entries()) {
    for (const second of named.slice(index + 1)) {
      if (first.what !== second.what) continue;
      const witness = findCollision(first.pattern, second.pattern);
      if (witness === null) continue;
      report(
        second.path,
        errors.MODEL_NAMES_COLLIDE({
          what: first.what,
          name: witness.name,
          first: ownerOf(witness.second),
          second: ownerOf(witness.first),
          otherPath: formatPath(first.path),
        }),
      );
    }
  }
}

function ownerOf(tenant: string | null): string {
  return tenant === null ? "all tenants" : `the tenant "${tenant}"`;
}

export interface Collision {
  readonly name: string;
  /** The tenant of the first pattern; null where it names none. */
  readonly first: string | null;
  readonly second: string | null;
}

/** Middles from which ids are built that make two patterns meet, if any id does. */
const middles = ["", "a", "acme", "acme-corp", "abc-"];

/**
 * Two tenants that give the same name under two patterns, or null. With one {tenant} in each,
 * the names meet only where one pattern's beginning continues the other's and one's end does,
 * so the ids that can meet are made of those rests around any middle.
 */
export function findCollision(first: string, second: string): Collision | null {
  if (first === second) {
    const tenant = hasTenant(first) ? "acme" : null;
    return { name: fill(first, tenant), first: tenant, second: tenant };
  }
  for (const a of candidates(first, second)) {
    const name = fill(first, a);
    for (const b of hasTenant(second) ? idsOf(second, name) : [null]) {
      if (fill(second, b) === name) return { name, first: a, second: b };
    }
  }
  return null;
}

function fill(pattern: string, tenant: string | null): string {
  return tenant === null ? pattern : fillPattern(pattern, { tenant });
}

/** Ids for the first pattern that might meet the second. */
function candidates(first: string, second: string): readonly (string | null)[] {
  if (!hasTenant(first)) return [null];
  if (!hasTenant(second)) return idsOf(first, second);
  const [start = "", end = ""] = split(first);
  const [otherStart = "", otherEnd = ""] = split(second);
  const head = otherStart.startsWith(start) ? otherStart.slice(start.length) : "";
  const tail = otherEnd.endsWith(end) ? otherEnd.slice(0, otherEnd.length - end.length) : "";
  return middles.map((middle) => `${head}${middle}${tail}`).filter(isTenantId);
}

/** The ids that give a name: none, or one. */
function idsOf(pattern: string, name: string): readonly string[] {
  const [start = "", end = ""] = split(pattern);
  if (!name.startsWith(start) || !name.endsWith(end)) return [];
  const id = name.slice(start.length, name.length - end.length);
  return isTenantId(id) && fill(pattern, id) === name ? [id] : [];
}

/** What stands before the first and behind the last {tenant}. */
function split(pattern: string): readonly [string, string] {
  const first = pattern.indexOf("{tenant}");
  const last = pattern.lastIndexOf("{tenant}");
  return [pattern.slice(0, first), pattern.slice(last + "{tenant}".length)];
}
