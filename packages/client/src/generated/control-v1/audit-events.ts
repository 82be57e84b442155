// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** What somebody did at the control plane. The hash is of this event and the one before it, so whoever notes it can tell later that nothing up to here was changed. */
export interface ControlAuditEvent {
  readonly action: string;
  readonly actor: string;
  readonly actorKind: "operator" | "auditor" | "system";
  readonly details: Readonly<Record<string, unknown>>;
  readonly hash: string;
  readonly id: string;
  readonly occurredAt: string;
  readonly position: number;
  readonly requestId: string;
  readonly target: string;
  readonly tenant: string | null;
}

/** Newest first. Events are added and never changed. */
export interface ControlAuditEventPage {
  readonly items: readonly ControlAuditEvent[];
  readonly nextCursor: string | null;
}

export interface AuditEventsOperations {
  /** List the audit events of the control plane */
  readonly listControlAuditEvents: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
      /** Only what concerns this tenant. */
      readonly tenant?: string | undefined;
      /** Only events of this action, such as webhook.created. */
      readonly action?: string | undefined;
      /** Only what this actor did. */
      readonly actor?: string | undefined;
      /** Only what was done to this. */
      readonly target?: string | undefined;
      /** Only from this time on. */
      readonly from?: string | undefined;
      /** Only before this time. */
      readonly to?: string | undefined;
    };
    readonly output: ControlAuditEventPage;
  };
}

export const auditEventsRoutes = {
  listControlAuditEvents: {
    method: "GET",
    path: "/control/v1/audit-events",
    parameters: {
      limit: ["query", "limit"],
      cursor: ["query", "cursor"],
      tenant: ["query", "tenant"],
      action: ["query", "action"],
      actor: ["query", "actor"],
      target: ["query", "target"],
      from: ["query", "from"],
      to: ["query", "to"],
    },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;
