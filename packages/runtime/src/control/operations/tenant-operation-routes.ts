import type { TenantId } from "@tenantry/model";
import { z } from "zod";
import { type ApiScope, takes } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { apiSchemas, bodyProblems } from "../../http/schemas.ts";
import type { OperationRequest } from "../../operations/operation.ts";
import type { ControlContext } from "../control-context.ts";
import { tenantIdSchema } from "../control-tenant-schema.ts";
import { isolationOf, tierOf } from "../tier-of-request.ts";
import { operationAnswers } from "./operation-answers.ts";
import { noInputSchema } from "./operation-schema.ts";
import { beginOperation, operationHeaders, operationProblems, sendOperation } from "./request-operation.ts";

const params = z.strictObject({ id: tenantIdSchema });

const suspensionSchema = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(1, "must not be empty")
      .max(500, "must be at most 500 characters")
      .optional(),
  })
  .register(apiSchemas, {
    id: "Suspension",
    description: "Why the tenant is shut out, for the audit trail.",
  });

const moveSchema = z
  .strictObject({ tier: z.string().min(1).max(64) })
  .register(apiSchemas, { id: "Move", description: "The tier that the tenant moves to." });

const graceDaysMax = 365;
const graceDaysDefault = 30;
const graceMessage = `must be a whole number from 0 to ${graceDaysMax}`;

const offboardingSchema = z
  .strictObject({
    confirm: z.string().min(1).max(64),
    graceDays: z.int(graceMessage).min(0, graceMessage).max(graceDaysMax, graceMessage).optional(),
    keepExport: z.boolean().optional(),
  })
  .register(apiSchemas, {
    id: "Offboarding",
    description:
      "confirm repeats the id of the tenant. Until graceDays are over (30 unless said) it can be cancelled; then everything is deleted, and the export as well unless keepExport says otherwise.",
    examples: [{ confirm: "umbrella-co", graceDays: 30 }],
  });

interface TenantOperationRoute<Body> {
  readonly verb: "suspend" | "resume" | "move" | "export" | "offboard";
  readonly summary: string;
  readonly description: string;
  readonly body: z.ZodType<Body>;
  readonly wanted: (context: ControlContext, tenant: TenantId, body: Body) => OperationRequest;
}

/** `POST /control/v1/tenants/{id}/suspend`, `resume`, `move`, `export` and `offboard`. */
export function tenantOperationRoutes(scope: ApiScope, context: ControlContext): void {
  tenantOperationRoute(scope, context, {
    verb: "suspend",
    summary: "Shut a tenant out",
    description: "At once. Its data, sign-ins and keys stay, and do nothing until it is resumed.",
    body: suspensionSchema,
    wanted: (_context, tenant, { reason }) => ({
      kind: "suspend",
      tenant,
      input: reason === undefined ? {} : { reason },
    }),
  });
  tenantOperationRoute(scope, context, {
    verb: "resume",
    summary: "Let a suspended tenant in again",
    description: "Once its tables are as this release needs them.",
    body: noInputSchema,
    wanted: (_context, tenant) => ({ kind: "resume", tenant, input: {} }),
  });
  tenantOperationRoute(scope, context, {
    verb: "move",
    summary: "Move a tenant to another tier",
    description:
      "With its data, where the tiers isolate differently: they are copied, compared, and switched over. Writes wait meanwhile; reads do not.",
    body: moveSchema,
    wanted: ({ platform }, tenant, body) => {
      const tier = tierOf(platform, body.tier);
      return { kind: "move", tenant, input: { tier: tier.name, isolation: isolationOf(platform, tier) } };
    },
  });
  tenantOperationRoute(scope, context, {
    verb: "export",
    summary: "Export a tenant",
    description: "All that belongs to it, in one archive, as it was at one moment.",
    body: noInputSchema,
    wanted: (_context, tenant) => ({ kind: "export", tenant, input: {} }),
  });
  tenantOperationRoute(scope, context, {
    verb: "offboard",
    summary: "Remove a tenant for good",
    description:
      "Shuts it out, exports it, waits for the grace period, deletes it everywhere, looks that nothing is left, and certifies it.",
    body: offboardingSchema,
    wanted: (_context, tenant, { confirm, graceDays, keepExport }) => {
      if (confirm !== tenant) {
        const message = `must be ${tenant}, the tenant that is removed`;
        throw new ProblemError("INVALID_BODY", { errors: [{ pointer: "/confirm", message }] });
      }
      const input = { graceDays: graceDays ?? graceDaysDefault, keepExport: keepExport ?? false };
      return { kind: "offboard", tenant, input };
    },
  });
}

function tenantOperationRoute<Body>(
  scope: ApiScope,
  context: ControlContext,
  { verb, summary, description, body, wanted }: TenantOperationRoute<Body>,
): void {
  scope.route({
    method: "POST",
    url: `/control/v1/tenants/:id/${verb}`,
    schema: {
      operationId: `${verb}Tenant`,
      tags: ["tenants"],
      summary,
      description,
      security: [{ token: [] }],
      params,
      body,
      consumes: ["application/json"],
      "x-headers": operationHeaders,
      response: operationAnswers([...bodyProblems, ...operationProblems, "INVALID_PARAMETER"]),
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("tenants:write"), takes("application/json")],
    handler: async (request, reply) => {
      const tenant = request.params.id as TenantId;
      if ((await context.registry.find(tenant)) === undefined) throw new ProblemError("TENANT_NOT_FOUND");
      const order = wanted(context, tenant, request.body as Body);
      const { operation } = await beginOperation(context, request, order);
      return sendOperation(context, request, reply, operation) as never;
    },
  });
}
