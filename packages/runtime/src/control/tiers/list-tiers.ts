import type { Tier } from "@tenantry/model";
import { z } from "zod";
import { platformSchema } from "../../database/database-names.ts";
import type { ApiScope } from "../../http/api-scope.ts";
import { apiSchemas } from "../../http/schemas.ts";
import type { ControlContext } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";

const isolations = z.record(z.string(), z.enum(["pool", "bridge", "silo"]));

export const tierSchema = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    isDefault: z.boolean(),
    services: isolations,
    stores: isolations,
    limits: z.strictObject({
      requestsPerMinute: z.int(),
      burst: z.int().nullable(),
      keyRequestsPerMinute: z.int().nullable(),
      concurrentRequests: z.int().nullable(),
      storageGiB: z.int().nullable(),
      members: z.int().nullable(),
    }),
    monthlyPriceUsd: z.number().nullable(),
    rtoMinutes: z.number().nullable(),
    rpoSeconds: z.number().nullable(),
    tenants: z.int().min(0),
  })
  .register(apiSchemas, {
    id: "Tier",
    description:
      "A plan of isolation and capacity, as it is defined, and how many tenants have it. A limit of null is none, except for the burst, which is then a tenth of the rate.",
    examples: [
      {
        name: "premium",
        description: "A database of its own",
        isDefault: false,
        services: { app: "pool" },
        stores: { main: "silo" },
        limits: {
          requestsPerMinute: 6000,
          burst: null,
          keyRequestsPerMinute: null,
          concurrentRequests: 64,
          storageGiB: 100,
          members: null,
        },
        monthlyPriceUsd: 900,
        rtoMinutes: null,
        rpoSeconds: null,
        tenants: 3,
      },
    ],
  });

/** `GET /control/v1/tiers`. */
export function listTiersRoute(scope: ApiScope, context: ControlContext): void {
  const { platform, control } = context;
  controlListRoute<Tier, z.infer<typeof tierSchema>>(scope, context, {
    path: "tiers",
    operationId: "listTiers",
    tag: "platform",
    summary: "List the tiers",
    description: "The tiers of the definition, by name.",
    permission: "platform:read",
    filter: { shape: {}, documents: {} },
    component: "Tier",
    item: tierSchema,
    read: async (_filter, { after, limit }) =>
      Object.values(platform.tiers)
        .filter(({ name }) => after === null || name > after)
        .sort((one, other) => (one.name < other.name ? -1 : 1))
        .slice(0, limit),
    keyOf: ({ name }) => name,
    async views(tiers) {
      const rows = await control.query<{ tier: string; count: number }>(
        `select tier, count(*)::integer as count from ${platformSchema}.tenants group by tier`,
      );
      const counts = new Map(rows.map(({ tier, count }) => [tier, count]));
      return tiers.map((tier) => ({
        name: tier.name,
        description: tier.description,
        isDefault: tier.name === platform.defaultTier,
        services: { ...tier.services },
        stores: { ...tier.stores },
        limits: { ...tier.limits },
        monthlyPriceUsd: tier.monthlyPriceUsd,
        rtoMinutes: tier.rtoMinutes,
        rpoSeconds: tier.rpoSeconds,
        tenants: counts.get(tier.name) ?? 0,
      }));
    },
  });
}
