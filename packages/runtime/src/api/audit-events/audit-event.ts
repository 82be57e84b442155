import type { FastifyRequest } from "fastify";
import type { Compilable } from "kysely";
import { tenantPrincipalOf } from "../../http/request-context.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { AuditActorKind, JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";

/** What happened, for the audit trail of the tenant. It holds no secret. */
export interface AuditEvent {
  readonly actorKind: AuditActorKind;
  /** A mail address, a subject, or the id of an API key. */
  readonly actor: string;
  /** Resource and verb, such as `member.invited` or `api-key.revoked`. */
  readonly action: string;
  /** The id of what it was done to. */
  readonly target: string;
  readonly requestId: string;
  readonly details?: JsonObject;
}

/**
 * The insert that keeps an event. It runs in the transaction of the change that it tells of, so
 * that neither is there without the other.
 */
export function keepAuditEvent(
  db: WriteQueries,
  tenant: Tenant,
  event: AuditEvent,
  { clock, random }: Pick<ApiContext, "clock" | "random">,
): Compilable<unknown> {
  return db.insertInto("audit_events").values({
    tenant_id: tenant.id,
    id: uuidV7(clock.nowMs(), random),
    actor_kind: event.actorKind,
    actor: event.actor,
    action: event.action,
    target: event.target,
    request_id: event.requestId,
    details: JSON.stringify(event.details ?? {}),
  });
}

/** An event that whoever makes this request causes. */
export function eventOf(
  request: FastifyRequest,
  event: Pick<AuditEvent, "action" | "target" | "details">,
): AuditEvent {
  const principal = tenantPrincipalOf(request);
  return {
    ...event,
    actorKind: principal.via === "api-key" ? "api-key" : "member",
    actor: principal.subject,
    requestId: request.id,
  };
}
