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

/** Newest first. Events that come while pages are read are on none of the pages that follow. */
export interface AuditEventPage {
  readonly items: readonly AuditEvent[];
  readonly nextCursor: string | null;
}

export interface AuditEventsOperations {
  /** List the audit events */
  readonly listAuditEvents: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
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
    readonly output: AuditEventPage;
  };
}

export const auditEventsRoutes = {
  listAuditEvents: {
    method: "GET",
    path: "/v2/audit-events",
    parameters: {
      limit: ["query", "limit"],
      cursor: ["query", "cursor"],
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
