import { isCodedError } from "@tenantry/base";
import type { Platform, TenantId, Tier } from "@tenantry/model";
import { type ApiScope, takes } from "../http/api-scope.ts";
import { ProblemError } from "../http/problems.ts";
import { bodyProblems, problemResponses } from "../http/schemas.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { type ControlContext, controlProblems } from "./control-context.ts";
import { controlTenantSchema, controlTenantView, newTenantSchema } from "./control-tenant-schema.ts";

/** `POST /control/v1/tenants`: sets a tenant up. The same again answers with the tenant there is. */
export function addTenantRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "POST",
    url: "/control/v1/tenants",
    schema: {
      operationId: "addTenant",
      tags: ["tenants"],
      summary: "Add a tenant",
      description: "Can be repeated: a tenant that exists on the same tier is returned as it is.",
      security: [{ token: [] }],
      body: newTenantSchema,
      consumes: ["application/json"],
      response: {
        200: {
          description: "The tenant, which existed.",
          content: { "application/json": { schema: controlTenantSchema } },
        },
        201: {
          description: "The tenant, which is new.",
          headers: { Location: { type: "string", description: "The path of the tenant." } },
          content: { "application/json": { schema: controlTenantSchema } },
        },
        ...problemResponses([...controlProblems, ...bodyProblems, "TENANT_EXISTS"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("tenants:write"), takes("application/json")],
    handler: async (request, reply) => {
      const id = request.body.id as TenantId;
      const tier = tierOf(context.platform, request.body.tier);
      const existing = await context.registry.find(id);
      if (existing !== undefined && existing.tier !== tier.name) throw tenantExists(existing);
      const tenant = existing?.status === "active" ? existing : await onboard(context, id, tier);
      reply.header("location", `/control/v1/tenants/${id}`);
      return reply.code(existing === undefined ? 201 : 200).send(controlTenantView(tenant));
    },
  });
}

/** @throws ProblemError INVALID_BODY */
function tierOf(platform: Platform, name: string | undefined): Tier {
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

async function onboard(context: ControlContext, id: TenantId, tier: Tier): Promise<Tenant> {
  const { tenantStore, cells } = context.platform;
  // Without a store there is nothing to isolate.
  const isolation = tenantStore === null ? "pool" : (tier.stores[tenantStore] ?? "pool");
  try {
    return await context.onboard({ id, tier: tier.name, isolation, tenantsPerCell: cells.capacity });
  } catch (error) {
    // Another request has added the tenant on another tier in the meantime.
    if (isCodedError(error) && error.code === "RUNTIME_TENANT_DIFFERS")
      throw new ProblemError("TENANT_EXISTS");
    throw error;
  }
}

function tenantExists(tenant: Tenant): ProblemError {
  return new ProblemError("TENANT_EXISTS", {
    detail: `the tenant ${tenant.id} exists on the tier ${tenant.tier}`,
  });
}
