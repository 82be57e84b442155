import type { FastifyRequest } from "fastify";
import { tenantPrincipalOf } from "../http/request-context.ts";
import type { TenantPrincipal } from "../identity/principal.ts";
import { type AuditEvent, eventOf } from "./audit-events/audit-event.ts";
import type { VersionCondition } from "./item-versions.ts";

/** Who wants to change something, and which version of it. */
export interface Change {
  readonly principal: TenantPrincipal;
  readonly condition: VersionCondition;
  /** What is done, as an event of the audit trail. */
  readonly eventOf: (event: Pick<AuditEvent, "action" | "target" | "details">) => AuditEvent;
}

export function changeOf(request: FastifyRequest, condition: VersionCondition): Change {
  return {
    principal: tenantPrincipalOf(request),
    condition,
    eventOf: (event) => eventOf(request, event),
  };
}
