import { reservedTenantIds, tenantIdLengthMax, tenantIdLengthMin, tenantIdPattern } from "@tenantry/model";
import { z } from "zod";
import { apiSchemas, timestamp } from "../http/schemas.ts";
import { type Tenant, tenantStatuses } from "../tenants/tenant.ts";

const grammar =
  "must be 3 to 32 lower-case letters and digits in words joined by single hyphens, the first a letter";

/** The grammar of tenant ids, with a message that says all of it. */
export const tenantIdSchema = z
  .string(grammar)
  .min(tenantIdLengthMin, grammar)
  .max(tenantIdLengthMax, grammar)
  .regex(tenantIdPattern, grammar);

const example = {
  id: "umbrella-co",
  tier: "pool",
  isolation: "pool" as const,
  status: "active" as const,
  placement: { cell: 1, slot: 4 },
  schemaVersion: 1,
  createdAt: "2026-01-31T12:00:00.000Z",
};

export const controlTenantSchema = z
  .strictObject({
    id: z.string(),
    tier: z.string(),
    isolation: z.enum(["pool", "bridge", "silo"]),
    status: z.enum(tenantStatuses),
    placement: z.strictObject({ cell: z.int(), slot: z.int() }),
    schemaVersion: z.int(),
    createdAt: timestamp,
  })
  .register(apiSchemas, {
    id: "ControlTenant",
    description: "A tenant as the operator sees it.",
    examples: [example],
  });

export const controlTenantPageSchema = z
  .strictObject({
    items: z.array(controlTenantSchema),
    nextCursor: z.string().nullable(),
    total: z.int().min(0),
  })
  .register(apiSchemas, {
    id: "ControlTenantPage",
    description: "Tenants in the order of their ids, and how many there are on all pages.",
  });

/** An id that a new tenant may take: the reserved ones would take a host name from the platform itself. */
const newTenantIdSchema = tenantIdSchema.refine(
  (id) => !reservedTenantIds.includes(id),
  "is reserved for the platform itself; choose another",
);

export const newTenantSchema = z
  .strictObject({ id: newTenantIdSchema, tier: z.string().min(1).max(64).optional() })
  .register(apiSchemas, {
    id: "NewTenant",
    description: "A tenant to set up. Without a tier it gets the platform's default tier.",
    examples: [{ id: "umbrella-co", tier: "pool" }],
  });

export function controlTenantView(tenant: Tenant): z.infer<typeof controlTenantSchema> {
  const { id, tier, isolation, status, placement, schemaVersion, createdAt } = tenant;
  return {
    id,
    tier,
    isolation,
    status,
    placement: { cell: placement.cell, slot: placement.slot },
    schemaVersion,
    createdAt,
  };
}
