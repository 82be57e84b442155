import type { TenantId } from "@tenantry/model";
import { z } from "zod";
import { periodOf } from "../../api/usage/get-usage.ts";
import { usageQuery, usageReportSchema } from "../../api/usage/usage-schema.ts";
import type { ApiScope } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { apiSchemas } from "../../http/schemas.ts";
import { readTenantUsage, readUsage, type TenantUsage } from "../../usage/read-usage.ts";
import { usageDay } from "../../usage/usage-day.ts";
import type { UsagePeriod } from "../../usage/usage-report.ts";
import type { ControlContext } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";
import { filterDocuments, filterShapes } from "../filters.ts";

export const tenantUsageSchema = z
  .strictObject({ tenant: z.string(), tier: z.string(), usage: usageReportSchema.nullable() })
  .register(apiSchemas, {
    id: "TenantUsage",
    description:
      "What a tenant used, day by day; null for a tenant that is not active, because its data is not read.",
  });

interface Filter {
  readonly from?: string;
  readonly to?: string;
  readonly tenant?: TenantId;
}

type Row = TenantUsage & { readonly period: UsagePeriod };

/** `GET /control/v1/usage`. */
export function listUsageRoute(scope: ApiScope, context: ControlContext): void {
  controlListRoute<Row, z.infer<typeof tenantUsageSchema>>(scope, context, {
    path: "usage",
    operationId: "listUsage",
    tag: "platform",
    summary: "What the tenants used, day by day",
    description: "Tenants in the order of their ids. What was used in the last seconds may be missing.",
    permission: "platform-usage:read",
    filter: {
      shape: { ...usageQuery.shape, tenant: filterShapes.tenant },
      documents: {
        tenant: filterDocuments.tenant,
        from: {
          type: "string",
          format: "date",
          description: "The first day, in UTC; 29 days before the last unless said.",
        },
        to: { type: "string", format: "date", description: "The last day, in UTC; today unless said." },
      },
    },
    component: "TenantUsage",
    item: tenantUsageSchema,
    problems: ["TENANT_NOT_FOUND"],
    async read({ tenant, ...query }: Filter, { after, limit }) {
      const today = usageDay(context.clock.nowMs());
      const { from, to } = periodOf(query, today);
      const period = { from, to: to < today ? to : today };
      const found =
        tenant === undefined
          ? await usageOfPage(context, period, after as TenantId | null, limit)
          : [await usageOfOne(context, period, tenant)];
      return found.map((item) => ({ ...item, period: { from, to } }));
    },
    keyOf: ({ tenant }) => tenant.id,
    views: (rows) =>
      rows.map(({ tenant, usage, period }) => ({
        tenant: tenant.id,
        tier: tenant.tier,
        usage: usage === null ? null : { ...period, days: [...usage.days], totals: usage.totals },
      })),
  });
}

async function usageOfPage(
  { store, registry }: ControlContext,
  period: UsagePeriod,
  after: TenantId | null,
  limit: number,
): Promise<readonly TenantUsage[]> {
  const page = after === null ? { limit } : { limit, after };
  return (await readUsage(store, registry, period, page)).tenants;
}

async function usageOfOne(
  { store, registry }: ControlContext,
  period: UsagePeriod,
  id: TenantId,
): Promise<TenantUsage> {
  const tenant = await registry.find(id);
  if (tenant === undefined) throw new ProblemError("TENANT_NOT_FOUND");
  const usage = tenant.status === "active" ? await readTenantUsage(store, tenant, period, {}) : null;
  return { tenant, usage };
}
