import { z } from "zod";
import type { ApiScope } from "../../http/api-scope.ts";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import type { ControlContext } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";
import { filterDocuments, filterShapes } from "../filters.ts";
import { newestFirst } from "../newest-first.ts";
import { type ControlActorKind, controlActorKinds } from "./keep-control-audit-event.ts";

export const controlAuditEventSchema = z
  .strictObject({
    id: z.string(),
    position: z.int().min(1),
    occurredAt: timestamp,
    actorKind: z.enum(controlActorKinds),
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    tenant: z.string().nullable(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
  })
  .register(apiSchemas, {
    id: "ControlAuditEvent",
    description:
      "What somebody did at the control plane. The hash is of this event and the one before it, so whoever notes it can tell later that nothing up to here was changed.",
    examples: [
      {
        id: "019b5a3e-2f00-7c5d-8a41-2f6b0c9d1e3f",
        position: 42,
        occurredAt: "2026-01-31T12:00:00.000Z",
        actorKind: "operator",
        actor: "ada@example.com",
        action: "webhook.created",
        target: "019b5a3e-2e00-7f00-8000-2f6b0c9d1e3f",
        tenant: null,
        requestId: "4f0c1e5d2b7a4c3f8e9d0a1b2c3d4e5f",
        details: { url: "https://hooks.example.com/tenants" },
        hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      },
    ],
  });

interface AuditRow {
  readonly position: string;
  readonly id: string;
  readonly occurred_at: Date;
  readonly actor_kind: ControlActorKind;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly tenant_id: string | null;
  readonly request_id: string;
  readonly details: string;
  readonly hash: Buffer;
}

const table = {
  name: "audit_events",
  columns:
    "position, id, occurred_at, actor_kind, actor, action, target, tenant_id, request_id, details, hash",
};

interface Filter {
  readonly tenant?: string;
  readonly action?: string;
  readonly actor?: string;
  readonly target?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** `GET /control/v1/audit-events`. */
export function listControlAuditEventsRoute(scope: ApiScope, context: ControlContext): void {
  controlListRoute<AuditRow, z.infer<typeof controlAuditEventSchema>>(scope, context, {
    path: "audit-events",
    operationId: "listControlAuditEvents",
    tag: "audit-events",
    summary: "List the audit events of the control plane",
    description: "Newest first. Events are added and never changed.",
    permission: "platform-audit:read",
    filter: {
      shape: {
        tenant: filterShapes.tenant,
        action: filterShapes.text,
        actor: filterShapes.text,
        target: filterShapes.text,
        from: filterShapes.time,
        to: filterShapes.time,
      },
      documents: {
        ...filterDocuments,
        action: { type: "string", description: "Only events of this action, such as webhook.created." },
        actor: { type: "string", description: "Only what this actor did." },
        target: { type: "string", description: "Only what was done to this." },
      },
    },
    component: "ControlAuditEvent",
    item: controlAuditEventSchema,
    read: ({ tenant, action, actor, target, from, to }: Filter, page) =>
      newestFirst<AuditRow>(
        context.control,
        table,
        [
          ["tenant_id =", tenant],
          ["action =", action],
          ["actor =", actor],
          ["target =", target],
          ["occurred_at >=", from],
          ["occurred_at <", to],
        ],
        page,
      ),
    keyOf: ({ position }) => position,
    views: (rows) => rows.map(auditEventView),
  });
}

function auditEventView(row: AuditRow): z.infer<typeof controlAuditEventSchema> {
  return {
    id: row.id,
    position: Number(row.position),
    occurredAt: row.occurred_at.toISOString(),
    actorKind: row.actor_kind,
    actor: row.actor,
    action: row.action,
    target: row.target,
    tenant: row.tenant_id,
    requestId: row.request_id,
    details: JSON.parse(row.details) as Record<string, unknown>,
    hash: row.hash.toString("hex"),
  };
}
