import { type Clock, type Random, stableJson } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import type { FastifyRequest } from "fastify";
import { platformSchema } from "../../database/database-names.ts";
import type { SqlClient } from "../../events/keep-lifecycle-event.ts";
import { controlPrincipalOf } from "../../http/request-context.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";

/** What somebody did at the control plane. It holds no secret. */
export interface ControlAuditEvent {
  readonly actorKind: ControlActorKind;
  /** The subject of the token, or the name of the part of the platform that acted by itself. */
  readonly actor: string;
  /** Resource and verb, such as `tenant.suspended` or `webhook.created`. */
  readonly action: string;
  /** The id of what it was done to. */
  readonly target: string;
  /** The tenant that it concerns, if it is one's. */
  readonly tenant: TenantId | null;
  /** Empty where no request caused it. */
  readonly requestId: string;
  /** The essentials before and after. */
  readonly details?: JsonObject;
}

export const controlActorKinds = ["operator", "auditor", "system"] as const;
export type ControlActorKind = (typeof controlActorKinds)[number];

/**
 * Adds an event to the control plane's audit trail, in the transaction of the change that it tells
 * of. Call it last: until the transaction ends, nobody else can add one, because each event carries
 * the hash of the one before (see chainAuditEventBody).
 *
 * @param client on the platform's database, as the owner or the control role, inside the transaction
 */
export async function keepControlAuditEvent(
  client: SqlClient,
  event: ControlAuditEvent,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<void> {
  const now = clock.nowMs();
  await client.query(
    `insert into ${platformSchema}.audit_events
       (id, occurred_at, actor_kind, actor, action, target, tenant_id, request_id, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      uuidV7(now, random),
      new Date(now),
      event.actorKind,
      event.actor,
      event.action,
      event.target,
      event.tenant,
      event.requestId,
      stableJson(event.details ?? {}, 0),
    ],
  );
}

/** An event that whoever makes this request causes. */
export function controlAuditEventOf(
  request: FastifyRequest,
  event: Pick<ControlAuditEvent, "action" | "target" | "tenant" | "details">,
): ControlAuditEvent {
  const { role, subject } = controlPrincipalOf(request);
  return { ...event, actorKind: role, actor: subject, requestId: request.id };
}
