import { z } from "zod";
import type { ApiScope } from "../../http/api-scope.ts";
import { uuidV7From } from "../../http/uuid-v7.ts";
import type { ReadQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { itemListRoute, readRowsByOffset } from "../item-list-route.ts";
import { auditEventSchema, auditEventView } from "./audit-event-schema.ts";

const text = z.string().min(1, "must not be empty").max(255, "must be at most 255 characters").optional();
const time = z.iso
  .datetime({ offset: true, error: "must be a time such as 2026-01-31T12:00:00Z" })
  .transform((given) => Date.parse(given))
  .refine((timeMs) => timeMs >= 0 && timeMs < 2 ** 48, "must be a time from 1970 on")
  .optional();

const filterShape = { action: text, actor: text, target: text, from: time, to: time };
type Filter = z.infer<z.ZodObject<typeof filterShape>>;

/** `GET /v1/audit-events` and `GET /v2/audit-events`. */
export function listAuditEventsRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const { store } = context;
  itemListRoute<z.infer<typeof auditEventSchema>, Filter>(scope, context, version, {
    path: "audit-events",
    operationId: "listAuditEvents",
    summary: "List the audit events",
    description: descriptions[version],
    permission: "audit-events:read",
    component: "AuditEvent",
    item: auditEventSchema,
    filter: {
      shape: filterShape,
      documents: {
        action: { type: "string", description: "Only events of this action, such as member.updated." },
        actor: { type: "string", description: "Only what this actor did." },
        target: { type: "string", description: "Only what was done to this." },
        from: { type: "string", format: "date-time", description: "Only events from this time on." },
        to: { type: "string", format: "date-time", description: "Only events before this time." },
      },
    },
    keyOf: ({ id }) => id,
    async byOffset(tenant, page, filter, options) {
      const events = (db: ReadQueries) => newestFirst(db, tenant, filter);
      const { rows, total } = await readRowsByOffset(store, tenant, events, page, options);
      return { items: rows.map(auditEventView), total };
    },
    async after(tenant, { after, limit }, filter, options) {
      const rows = await store.read(
        tenant,
        (db) => {
          const events = newestFirst(db, tenant, filter).limit(limit);
          return after === null ? events : events.where("id", "<", after);
        },
        options,
      );
      return rows.map(auditEventView);
    },
  });
}

const descriptions: Readonly<Record<ApiVersion, string>> = {
  v1: "Newest first. Events that come while pages are read move the others back; with a fixed `to` they do not.",
  v2: "Newest first. Events that come while pages are read are on none of the pages that follow.",
};

function newestFirst(db: ReadQueries, tenant: Tenant, filter: Filter) {
  let events = db
    .selectFrom("audit_events")
    .select(["id", "occurred_at", "actor_kind", "actor", "action", "target", "request_id", "details"])
    .where("tenant_id", "=", tenant.id)
    .orderBy("id", "desc");
  const { action, actor, target, from, to } = filter;
  if (action !== undefined) events = events.where("action", "=", action);
  if (actor !== undefined) events = events.where("actor", "=", actor);
  if (target !== undefined) events = events.where("target", "=", target);
  // The index is in the order of the ids, which begin with the time.
  if (from !== undefined) events = events.where("id", ">=", uuidV7From(from));
  if (to !== undefined) events = events.where("id", "<", uuidV7From(to));
  return events;
}
