import { errors } from "../errors.ts";
import type { Platform } from "../platform.ts";
import type { Mistake } from "../problem.ts";
import { findCollision, type NamedPattern, namedPatterns } from "./names.ts";

/**
 * Bucket names are unique in the world, so two environments must not want the same one, even
 * where they are in different regions and accounts.
 */
export function checkEnvironmentsApart(platforms: readonly Platform[]): readonly Mistake[] {
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
