import { isCodedError } from "@tenantry/base";
import type { TenantId, Tier } from "@tenantry/model";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ApiScope, takes } from "../http/api-scope.ts";
import { idempotencyKeyOf } from "../http/idempotency.ts";
import { ProblemError } from "../http/problems.ts";
import { requestSignal } from "../http/request-signal.ts";
import { bodyProblems, problemResponses } from "../http/schemas.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { type ControlContext, controlProblems } from "./control-context.ts";
import { controlTenantSchema, controlTenantView, newTenantSchema } from "./control-tenant-schema.ts";
import { operationSchema } from "./operations/operation-schema.ts";
import {
  beginOperation,
  operationHeaders,
  operationProblems,
  operationsOf,
  waitMsWithin,
} from "./operations/request-operation.ts";
import { isolationOf, tierOf } from "./tier-of-request.ts";

/** `POST /control/v1/tenants`: sets a tenant up. The same again answers with the tenant there is. */
export function addTenantRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "POST",
    url: "/control/v1/tenants",
    schema: {
      operationId: "addTenant",
      tags: ["tenants"],
      summary: "Add a tenant",
      description:
        "Can be repeated: a tenant that exists on the same tier is returned as it is. Answers with the tenant when it is set up within some seconds, and with the operation otherwise.",
      security: [{ token: [] }],
      body: newTenantSchema,
      consumes: ["application/json"],
      "x-headers": { "Idempotency-Key": operationHeaders["Idempotency-Key"] },
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
        202: {
          description: "The operation, which goes on.",
          headers: { Location: { type: "string", description: "The path of the operation." } },
          content: { "application/json": { schema: operationSchema } },
        },
        ...problemResponses([
          ...controlProblems,
          ...bodyProblems,
          ...operationProblems,
          "TENANT_EXISTS",
          "TENANT_UNAVAILABLE",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("tenants:write"), takes("application/json")],
    handler: async (request, reply) => {
      // It is held to its form also where there is nothing left to do.
      idempotencyKeyOf(request);
      const id = request.body.id as TenantId;
      const tier = tierOf(context.platform, request.body.tier);
      const existing = await context.registry.find(id);
      if (existing !== undefined && existing.tier !== tier.name) throw tenantExists(existing);
      reply.header("location", `/control/v1/tenants/${id}`);
      if (existing?.status === "active") return reply.code(200).send(controlTenantView(existing));
      // Without operations it is set up in one piece; asking again continues what a crash left.
      if (context.operations() === null) {
        const tenant = await onboard(context, id, tier);
        return reply.code(existing === undefined ? 201 : 200).send(controlTenantView(tenant));
      }
      return onboardInSteps(context, request, reply, id, tier) as never;
    },
  });
}

/** How long a client is kept waiting for its tenant before it is told to look after it. */
const waitMs = 20_000;

async function onboardInSteps(
  context: ControlContext,
  request: FastifyRequest,
  reply: FastifyReply,
  tenant: TenantId,
  tier: Tier,
): Promise<FastifyReply> {
  const { platform } = context;
  const input = {
    tier: tier.name,
    isolation: isolationOf(platform, tier),
    tenantsPerCell: platform.cells.capacity,
  };
  const { operation: begun } = await beginOperation(context, request, { kind: "onboard", tenant, input });
  const operation =
    (await operationsOf(context).settled(begun.id, waitMsWithin(context, waitMs), requestSignal(reply))) ??
    begun;
  if (operation.state === "failed") {
    const detail = operation.error?.message;
    throw new ProblemError("TENANT_UNAVAILABLE", detail === undefined ? {} : { detail });
  }
  const made = operation.state === "succeeded" ? await context.registry.find(tenant) : undefined;
  if (made !== undefined) return reply.code(201).send(controlTenantView(made));
  reply.header("location", `/control/v1/operations/${operation.id}`);
  return reply.code(202).send(operation);
}

async function onboard(context: ControlContext, id: TenantId, tier: Tier): Promise<Tenant> {
  const { platform } = context;
  const isolation = isolationOf(platform, tier);
  try {
    return await context.onboard({ id, tier: tier.name, isolation, tenantsPerCell: platform.cells.capacity });
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
