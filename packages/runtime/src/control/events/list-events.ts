import { z } from "zod";
import { detailTypeOf, type EventType, eventTypes } from "../../events/lifecycle-events.ts";
import type { ApiScope } from "../../http/api-scope.ts";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { ControlContext } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";
import { filterDocuments, filterShapes } from "../filters.ts";
import { newestFirst } from "../newest-first.ts";

export const lifecycleEventSchema = z
  .strictObject({
    id: z.string(),
    type: z.enum(eventTypes),
    detailType: z.string(),
    source: z.string(),
    tenant: z.string().nullable(),
    operationId: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    occurredAt: timestamp,
  })
  .register(apiSchemas, {
    id: "LifecycleEvent",
    description:
      "Something that happened to a tenant, in the vocabulary of AWS SaaS Builder Toolkit. The detailType is what the event has on its event bus.",
    examples: [
      {
        id: "019b5a3e-2f00-7c5d-8a41-2f6b0c9d1e3f",
        type: "onboardingSuccess",
        detailType: "sbt_aws_onboardingSuccess",
        source: "sbt.application.plane",
        tenant: "umbrella-co",
        operationId: "019b5a3e-1c00-7b21-9d07-6a1f5e8c4b2a",
        detail: { tenantId: "umbrella-co", tier: "pool" },
        occurredAt: "2026-01-31T12:00:00.000Z",
      },
    ],
  });

interface EventRow {
  readonly position: string;
  readonly id: string;
  readonly type: EventType;
  readonly source: string;
  readonly tenant_id: string | null;
  readonly operation_id: string | null;
  readonly detail: JsonObject;
  readonly occurred_at: Date;
}

const table = {
  name: "events",
  columns: "position, id, type, source, tenant_id, operation_id, detail, occurred_at",
};

interface Filter {
  readonly tenant?: string;
  readonly type?: EventType;
  readonly from?: Date;
  readonly to?: Date;
}

/** `GET /control/v1/events`. */
export function listEventsRoute(scope: ApiScope, context: ControlContext): void {
  controlListRoute<EventRow, z.infer<typeof lifecycleEventSchema>>(scope, context, {
    path: "events",
    operationId: "listEvents",
    tag: "events",
    summary: "List the events",
    description:
      "What happened to tenants, newest first. An event is seen when its transaction has ended, so one that is slightly older than the newest may still come; webhooks miss none.",
    permission: "platform:read",
    filter: {
      shape: {
        tenant: filterShapes.tenant,
        type: z.enum(eventTypes).optional(),
        from: filterShapes.time,
        to: filterShapes.time,
      },
      documents: {
        ...filterDocuments,
        type: { type: "string", enum: [...eventTypes], description: "Only events of this type." },
      },
    },
    component: "LifecycleEvent",
    item: lifecycleEventSchema,
    read: ({ tenant, type, from, to }: Filter, page) =>
      newestFirst<EventRow>(
        context.control,
        table,
        [
          ["tenant_id =", tenant],
          ["type =", type],
          ["occurred_at >=", from],
          ["occurred_at <", to],
        ],
        page,
      ),
    keyOf: ({ position }) => position,
    views: (rows) => rows.map(eventView),
  });
}

function eventView(row: EventRow): z.infer<typeof lifecycleEventSchema> {
  return {
    id: row.id,
    type: row.type,
    detailType: detailTypeOf(row.type),
    source: row.source,
    tenant: row.tenant_id,
    operationId: row.operation_id,
    detail: row.detail,
    occurredAt: row.occurred_at.toISOString(),
  };
}
