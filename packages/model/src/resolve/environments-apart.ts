import { errors } from "../errors.ts";
import type { Platform } from "../platform.ts";
import type { Mistake } from "../problem.ts";
import { findCollision, type NamedPattern, namedPatterns } from "./names.ts";

/**
 * What is unique in the world, bucket names and host names, must not be wanted by two environments,
 * even where they are in different regions and accounts.
 */
export function checkEnvironmentsApart(platforms: readonly Platform[]): readonly Mistake[] {
  return [...checkBuckets(platforms), ...checkHosts(platforms)];
}

/** A tenant of one environment must not have the host below which another environment has its tenants. */
function checkHosts(platforms: readonly Platform[]): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  for (const platform of platforms) {
    for (const other of platforms) {
      if (other.domain === platform.domain) continue;
      for (const { id, hosts } of Object.values(platform.tenants)) {
        const host = hosts.find((candidate) => candidate.replace("*.", "") === other.domain);
        if (host === undefined) continue;
        const error = errors.MODEL_HOST_OF_ENVIRONMENT({ tenant: id, host, other: other.environment });
        mistakes.push({ path: ["tenants", id], error });
      }
    }
  }
  return mistakes;
}

function checkBuckets(platforms: readonly Platform[]): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const seen: (NamedPattern & { readonly environment: string })[] = [];
  for (const platform of platforms) {
    const buckets = namedPatterns(platform).filter(({ what }) => what === "bucket");
    for (const bucket of buckets) {
      for (const other of seen) {
        if (other.environment === platform.environment) continue;
        const witness = findCollision(bucket.pattern, other.pattern);
        if (witness === null) continue;
        const { environment } = platform;
        const error = errors.MODEL_BUCKET_OF_TWO_ENVIRONMENTS({
          name: witness.name,
          first: other.environment,
          second: environment,
        });
        mistakes.push({ path: bucket.path, error });
      }
      seen.push({ ...bucket, environment: platform.environment });
    }
  }
  return mistakes;
}
