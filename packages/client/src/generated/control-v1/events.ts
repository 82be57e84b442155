// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** Something that happened to a tenant, in the vocabulary of AWS SaaS Builder Toolkit. The detailType is what the event has on its event bus. */
export interface LifecycleEvent {
  readonly detail: Readonly<Record<string, unknown>>;
  readonly detailType: string;
  readonly id: string;
  readonly occurredAt: string;
  readonly operationId: string | null;
  readonly source: string;
  readonly tenant: string | null;
  readonly type:
    | "onboardingRequest"
    | "offboardingRequest"
    | "activateRequest"
    | "deactivateRequest"
    | "tenantUserCreated"
    | "tenantUserDeleted"
    | "billingSuccess"
    | "billingFailure"
    | "onboardingSuccess"
    | "onboardingFailure"
    | "offboardingSuccess"
    | "offboardingFailure"
    | "provisionSuccess"
    | "provisionFailure"
    | "deprovisionSuccess"
    | "deprovisionFailure"
    | "activateSuccess"
    | "activateFailure"
    | "deactivateSuccess"
    | "deactivateFailure"
    | "ingestUsage"
    | "tierChangeRequest"
    | "exportRequest"
    | "webhookTest"
    | "tierChangeSuccess"
    | "tierChangeFailure"
    | "exportSuccess"
    | "exportFailure";
}

/** What happened to tenants, newest first. An event is seen when its transaction has ended, so one that is slightly older than the newest may still come; webhooks miss none. */
export interface LifecycleEventPage {
  readonly items: readonly LifecycleEvent[];
  readonly nextCursor: string | null;
}

export interface EventsOperations {
  /** List the events */
  readonly listEvents: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
      /** Only what concerns this tenant. */
      readonly tenant?: string | undefined;
      /** Only events of this type. */
      readonly type?:
        | "onboardingRequest"
        | "offboardingRequest"
        | "activateRequest"
        | "deactivateRequest"
        | "tenantUserCreated"
        | "tenantUserDeleted"
        | "billingSuccess"
        | "billingFailure"
        | "onboardingSuccess"
        | "onboardingFailure"
        | "offboardingSuccess"
        | "offboardingFailure"
        | "provisionSuccess"
        | "provisionFailure"
        | "deprovisionSuccess"
        | "deprovisionFailure"
        | "activateSuccess"
        | "activateFailure"
        | "deactivateSuccess"
        | "deactivateFailure"
        | "ingestUsage"
        | "tierChangeRequest"
        | "exportRequest"
        | "webhookTest"
        | "tierChangeSuccess"
        | "tierChangeFailure"
        | "exportSuccess"
        | "exportFailure"
        | undefined;
      /** Only from this time on. */
      readonly from?: string | undefined;
      /** Only before this time. */
      readonly to?: string | undefined;
    };
    readonly output: LifecycleEventPage;
  };
}

export const eventsRoutes = {
  listEvents: {
    method: "GET",
    path: "/control/v1/events",
    parameters: {
      limit: ["query", "limit"],
      cursor: ["query", "cursor"],
      tenant: ["query", "tenant"],
      type: ["query", "type"],
      from: ["query", "from"],
      to: ["query", "to"],
    },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;
