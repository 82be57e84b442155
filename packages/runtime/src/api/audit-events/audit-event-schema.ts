import type { Selectable } from "kysely";
import { z } from "zod";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern, uuidV7TimeMs } from "../../http/uuid-v7.ts";
import type { AuditEventsTable } from "../../tenant-store/tenant-tables.ts";

export const auditEventSchema = z
  .strictObject({
    id: z.string().regex(uuidPattern),
    occurredAt: timestamp,
    actorKind: z.enum(["member", "api-key", "operator", "system"]),
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .register(apiSchemas, {
    id: "AuditEvent",
    description: "Something that was done in the tenant, and by whom. Events are never changed.",
    examples: [
      {
        id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
        occurredAt: "2025-06-25T07:14:34.238Z",
        actorKind: "member",
        actor: "ada@example.com",
        action: "member.updated",
        target: "0197a5f0-1111-7a10-9d5b-2f6c1e8b4a37",
        requestId: "4f0c1e5d2b7a4c3f8e9d0a1b2c3d4e5f",
        details: { before: { role: "member" }, after: { role: "admin" } },
      },
    ],
  });
export type AuditEventView = z.infer<typeof auditEventSchema>;

export type StoredAuditEvent = Omit<Selectable<AuditEventsTable>, "tenant_id">;

export function auditEventView(row: StoredAuditEvent): AuditEventView {
  return {
    id: row.id,
    // The time in the id is the one that the list is ordered and narrowed by; the database's own
    // clock may be a moment apart from it.
    occurredAt: new Date(uuidV7TimeMs(row.id)).toISOString(),
    actorKind: row.actor_kind,
    actor: row.actor,
    action: row.action,
    target: row.target,
    requestId: row.request_id,
    details: row.details,
  };
}
