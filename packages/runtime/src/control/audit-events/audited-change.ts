import type { FastifyRequest } from "fastify";
import type pg from "pg";
import type { ControlContext } from "../control-context.ts";
import {
  type ControlAuditEvent,
  controlAuditEventOf,
  keepControlAuditEvent,
} from "./keep-control-audit-event.ts";

/** Makes a change together with the audit event that tells of it: both or neither. */
export function auditedChange(
  context: Pick<ControlContext, "control" | "clock" | "random">,
  request: FastifyRequest,
  event: Pick<ControlAuditEvent, "action" | "target" | "tenant" | "details">,
  change: (client: pg.ClientBase) => Promise<void>,
): Promise<void> {
  return context.control.transact(async (client) => {
    await change(client);
    await keepControlAuditEvent(client, controlAuditEventOf(request, event), context);
  });
}
