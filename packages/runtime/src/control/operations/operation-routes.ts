import { z } from "zod";
import { type ApiScope, takes, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { bodyProblems, problemResponses } from "../../http/schemas.ts";
import {
  type Operation,
  type OperationKind,
  operationKinds,
  type OperationState,
  operationStates,
} from "../../operations/operation.ts";
import { type ControlContext, controlProblems } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";
import { filterDocuments, filterShapes } from "../filters.ts";
import { certificateRoute } from "./certificate-route.ts";
import { exportContentRoute } from "./export-content-route.ts";
import { operationAnswers } from "./operation-answers.ts";
import { operationEventsRoute } from "./operation-events-route.ts";
import { noInputSchema, operationParams, operationSchema } from "./operation-schema.ts";
import { operationHeaders, operationsOf, requesterOf, sendOperation } from "./request-operation.ts";
import { tenantOperationRoutes } from "./tenant-operation-routes.ts";

/** Everything about operations on tenants. */
export function operationRoutes(scope: ApiScope, context: ControlContext): void {
  tenantOperationRoutes(scope, context);
  listOperationsRoute(scope, context);
  readOperationRoute(scope, context);
  cancelOperationRoute(scope, context);
  operationEventsRoute(scope, context);
  exportContentRoute(scope, context);
  certificateRoute(scope, context);
}

interface Filter {
  readonly tenant?: string;
  readonly kind?: OperationKind;
  readonly state?: OperationState;
}

/** `GET /control/v1/operations`. */
function listOperationsRoute(scope: ApiScope, context: ControlContext): void {
  controlListRoute<{ readonly position: string; readonly operation: Operation }, Operation>(scope, context, {
    path: "operations",
    operationId: "listOperations",
    tag: "operations",
    summary: "List the operations",
    description: "What was done to tenants, and what is being done, newest first.",
    permission: "operations:read",
    filter: {
      shape: {
        tenant: filterShapes.tenant,
        kind: z.enum(operationKinds).optional(),
        state: z.enum(operationStates).optional(),
      },
      documents: {
        tenant: filterDocuments.tenant,
        kind: { type: "string", enum: [...operationKinds], description: "Only those of this kind." },
        state: { type: "string", enum: [...operationStates], description: "Only those in this state." },
      },
    },
    component: "Operation",
    item: operationSchema as unknown as z.ZodType<Operation>,
    problems: ["NOT_READY"],
    read: (filter: Filter, page) => operationsOf(context).list(filter, page),
    keyOf: ({ position }) => position,
    views: (rows) => rows.map(({ operation }) => operation),
  });
}

/** `GET /control/v1/operations/{id}`. */
function readOperationRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "GET",
    url: "/control/v1/operations/:id",
    schema: {
      operationId: "getOperation",
      tags: ["operations"],
      summary: "Read an operation",
      security: [{ token: [] }],
      params: operationParams,
      response: {
        200: { description: "The operation.", content: { "application/json": { schema: operationSchema } } },
        ...problemResponses([...controlProblems, "NOT_READY", "INVALID_PARAMETER", "OPERATION_NOT_FOUND"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("operations:read"), takesNoBody],
    handler: async (request, reply) => {
      const operation = await operationsOf(context).find(request.params.id);
      if (operation === null) throw new ProblemError("OPERATION_NOT_FOUND");
      return reply.send(operation as never);
    },
  });
}

/** `POST /control/v1/operations/{id}/cancel`. */
function cancelOperationRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "POST",
    url: "/control/v1/operations/:id/cancel",
    schema: {
      operationId: "cancelOperation",
      tags: ["operations"],
      summary: "Take an operation back",
      description:
        "As long as it has done nothing that cannot be undone, such as a removal in its grace period. It ends a moment later.",
      security: [{ token: [] }],
      params: operationParams,
      body: noInputSchema,
      consumes: ["application/json"],
      "x-headers": { Prefer: operationHeaders.Prefer },
      response: operationAnswers([
        ...bodyProblems,
        "NOT_READY",
        "INVALID_PARAMETER",
        "OPERATION_NOT_FOUND",
        "OPERATION_NOT_CANCELLABLE",
      ]),
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("operations:write"), takes("application/json")],
    handler: async (request, reply) => {
      const operations = operationsOf(context);
      const { id } = request.params;
      if ((await operations.find(id)) === null) throw new ProblemError("OPERATION_NOT_FOUND");
      const cancelled = await operations.cancel(id, requesterOf(request));
      if (cancelled === null) throw new ProblemError("OPERATION_NOT_CANCELLABLE");
      return sendOperation(context, request, reply, cancelled, "ended") as never;
    },
  });
}
