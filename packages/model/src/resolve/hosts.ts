import { errors } from "../errors.ts";
import { fillPattern } from "../pattern.ts";
import { isTenantId } from "../tenant-id.ts";
import { findCollision } from "./names.ts";
import type { Report } from "./report.ts";

/**
 * No host may reach two tenants. Two patterns meet where they can give one name to different
 * tenants, such as "{tenant}.d" and "{tenant}-app.d", or where a wildcard of one covers a host of
 * the other: "*.{tenant}.d" of the tenant "app" covers "{tenant}.app.d" of every tenant.
 */
export function checkHosts(patterns: readonly string[], report: Report): void {
  for (const [index, second] of patterns.entries()) {
    for (const first of patterns.slice(0, index)) {
      const found = hostOfTwo(first, second) ?? hostOfTwo(second, first);
      if (found !== null) report(["routing", "tenantHosts", index], errors.MODEL_HOSTS_COLLIDE(found));
    }
  }
}

interface Shared {
  readonly host: string;
  readonly first: string;
  readonly second: string;
}

/** A host that two different tenants get, where the first pattern may be a wildcard; or null. */
function hostOfTwo(first: string, second: string): Shared | null {
  const labels = second.split(".");
  if (!first.startsWith("*."))
    return second.startsWith("*.") ? null : differing(first.split("."), labels, []);
  const covered = first.slice(2).split(".");
  // A wildcard stands for one label or more; the wildcard of the other pattern may be that label.
  const at = labels.length - covered.length;
  return at < 1 ? null : differing(covered, labels.slice(at), labels.slice(0, at));
}

/**
 * Ids have no dots, so two names are one where each label is. What an id must be follows from the
 * labels one by one; the ids found so are tried against the whole name.
 */
function differing(
  first: readonly string[],
  second: readonly string[],
  before: readonly string[],
): Shared | null {
  if (first.length !== second.length) return null;
  const words = [...first, ...second]
    .flatMap((label) => label.split("{tenant}"))
    .map((word) => word.replaceAll(/^-|-$/g, ""))
    .filter(isTenantId);
  const firstIds = new Set(["acme", "globex", ...words]);
  const secondIds = new Set(firstIds);
  const learn = (one: string, other: string) => {
    const found = findCollision(one, other);
    if (typeof found?.first === "string") firstIds.add(found.first);
    if (typeof found?.second === "string") secondIds.add(found.second);
  };
  const pairs = first.map((label, index) => [label, second[index] ?? ""] as const);
  for (const [one, other] of pairs) learn(one, other);
  const known = { first: [...firstIds], second: [...secondIds] };
  for (const [one, other] of pairs) {
    for (const tenant of known.first) learn(fillPattern(one, { tenant }), other);
    for (const tenant of known.second) learn(one, fillPattern(other, { tenant }));
  }
  for (const one of firstIds) {
    const name = fillPattern(first.join("."), { tenant: one });
    for (const other of secondIds) {
      if (one === other || fillPattern(second.join("."), { tenant: other }) !== name) continue;
      const host = fillPattern([...before, ...second].join("."), { tenant: other });
      return { host, first: one, second: other };
    }
  }
  return null;
}
