import type { Platform, PlatformRegion } from "@tenantry/model";

/** One region of a platform: what its stacks are made of. */
export interface Site {
  readonly platform: Platform;
  readonly role: "primary" | "recovery";
  /** Network, services and stores of this region; `region.region` is its AWS name. */
  readonly region: PlatformRegion;
}

export function primarySite(platform: Platform): Site {
  return { platform, role: "primary", region: platform };
}

/** Null where nothing recovers in another region. */
export function recoverySite(platform: Platform): Site | null {
  return platform.recovery === null ? null : { platform, role: "recovery", region: platform.recovery };
}
