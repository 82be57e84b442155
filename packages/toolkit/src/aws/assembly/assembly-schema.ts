import { manifestSchema as manifest, placementsSchema as placements } from "@tenantry/assurance";
import type { AssemblyManifest, TenantPlacements } from "@tenantry/aws";
import { z } from "zod";

// What the generator writes and what is read are said in two packages; the assignments keep them in step.
export const manifestSchema: z.ZodType<AssemblyManifest> = manifest;
export const placementsSchema: z.ZodType<TenantPlacements> = placements;

/** Of `platform.json`, only what says which tiers share a store. */
export const storeSharingSchema = z.object({
  tiers: z.record(z.string(), z.object({ stores: z.record(z.string(), z.enum(["pool", "bridge", "silo"])) })),
});
