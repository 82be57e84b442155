// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** Something that was done in the tenant, and by whom. Events are never changed. */
export interface AuditEvent {
  readonly action: string;
  readonly actor: string;
  readonly actorKind: "member" | "api-key" | "operator" | "system";
  readonly details: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly occurredAt: string;
  readonly requestId: string;
  readonly target: string;
}

/** Newest first. Events that come while pages are read move the others back; with a fixed `to` they do not. */
export interface AuditEventOffsetPage {
  readonly items: readonly AuditEvent[];
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

export interface AuditEventsOperations {
  /** List the audit events */
  readonly listAuditEvents: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** How many items come before the page, 0 to 10000. */
      readonly offset?: number | undefined;
      /** Only events of this action, such as member.updated. */
      readonly action?: string | undefined;
      /** Only what this actor did. */
      readonly actor?: string | undefined;
      /** Only what was done to this. */
      readonly target?: string | undefined;
      /** Only events from this time on. */
      readonly from?: string | undefined;
      /** Only events before this time. */
      readonly to?: string | undefined;
    };
    readonly output: AuditEventOffsetPage;
  };
}

export const auditEventsRoutes = {
  listAuditEvents: {
    method: "GET",
    path: "/v1/audit-events",
    parameters: {
      limit: ["query", "limit"],
      offset: ["query", "offset"],
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
