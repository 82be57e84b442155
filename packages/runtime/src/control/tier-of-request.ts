import type { Isolation, Platform, Tier } from "@tenantry/model";
import { ProblemError } from "../http/problems.ts";

/** The tier that a request names, or the platform's default tier. @throws ProblemError INVALID_BODY */
export function tierOf(platform: Platform, name: string | undefined): Tier {
  const wanted = name ?? platform.defaultTier;
  const tier = wanted !== null && Object.hasOwn(platform.tiers, wanted) ? platform.tiers[wanted] : undefined;
  if (tier === undefined) {
    const known = Object.keys(platform.tiers).sort().join(", ");
    const message =
      wanted === null
        ? `is needed, because the platform has no default tier; one of ${known}`
        : `must be one of ${known}`;
    throw new ProblemError("INVALID_BODY", { errors: [{ pointer: "/tier", message }] });
  }
  return tier;
}

/** Where the rows of tenants of the tier are. Without a store there is nothing to isolate. */
export function isolationOf({ tenantStore }: Platform, tier: Tier): Isolation {
  return tenantStore === null ? "pool" : (tier.stores[tenantStore] ?? "pool");
}
