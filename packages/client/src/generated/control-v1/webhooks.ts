// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** Where events are to be sent: an https URL that leads to the internet. Of its attempts up to `concurrency` are under way at once, 2 where not given. */
export interface NewWebhook {
  readonly concurrency?: number | undefined;
  readonly description?: string | undefined;
  readonly types?:
    | readonly (
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
        | "tierChangeSuccess"
        | "tierChangeFailure"
        | "exportSuccess"
        | "exportFailure"
      )[]
    | undefined;
  readonly url: string;
}

/** Where events are sent. No types means all. After several failures in a row it is failing and asked only now and then; after days without a success it is disabled and gets nothing more. A test that succeeds makes it active again. At 10000 pendingDeliveries are counted no further. */
export interface Webhook {
  readonly concurrency: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly description: string;
  readonly failingSince: string | null;
  readonly failures: number;
  readonly id: string;
  readonly lastDeliveredAt: string | null;
  readonly lastError: string | null;
  readonly nextAttemptAt: string | null;
  readonly pendingDeliveries: number;
  readonly previousSecretUntil: string | null;
  readonly state: "active" | "failing" | "disabled";
  readonly types: readonly (
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
  )[];
  readonly url: string;
}

/** An event on its way to a webhook. The id is that of the event, and stands in the header webhook-id of every attempt. */
export interface WebhookDelivery {
  readonly attempts: number;
  readonly endedAt: string | null;
  readonly eventType:
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
  readonly id: string;
  readonly lastAttemptAt: string | null;
  readonly lastError: string | null;
  readonly lastStatus: number | null;
  readonly nextAttemptAt: string | null;
  readonly queuedAt: string;
  readonly state: "pending" | "delivered" | "failed";
  readonly tenant: string | null;
}

/** The newest events first. Deliveries that have ended are kept for 30 days. */
export interface WebhookDeliveryPage {
  readonly items: readonly WebhookDelivery[];
  readonly nextCursor: string | null;
}

/** Webhooks in the order in which they were added. */
export interface WebhookPage {
  readonly items: readonly Webhook[];
  readonly nextCursor: string | null;
}

/** A webhook with what it is signed with (Standard Webhooks). It is shown this one time. */
export interface WebhookWithSecret {
  readonly concurrency: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly description: string;
  readonly failingSince: string | null;
  readonly failures: number;
  readonly id: string;
  readonly lastDeliveredAt: string | null;
  readonly lastError: string | null;
  readonly nextAttemptAt: string | null;
  readonly pendingDeliveries: number;
  readonly previousSecretUntil: string | null;
  readonly secret: string;
  readonly state: "active" | "failing" | "disabled";
  readonly types: readonly (
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
  )[];
  readonly url: string;
}

export interface WebhooksOperations {
  /** List the webhooks */
  readonly listWebhooks: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
    };
    readonly output: WebhookPage;
  };
  /** Add a webhook */
  readonly createWebhook: {
    readonly input: { readonly body: NewWebhook };
    readonly output: WebhookWithSecret;
  };
  /** Remove a webhook */
  readonly deleteWebhook: {
    readonly input: { readonly id: string };
    readonly output: null;
  };
  /** Read a webhook */
  readonly getWebhook: {
    readonly input: { readonly id: string };
    readonly output: Webhook;
  };
  /** List the deliveries of a webhook */
  readonly listWebhookDeliveries: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
      /** Only deliveries in this state. */
      readonly state?: "pending" | "delivered" | "failed" | undefined;
      readonly id: string;
    };
    readonly output: WebhookDeliveryPage;
  };
  /** Send an event to a webhook again */
  readonly redeliverWebhookDelivery: {
    readonly input: { readonly id: string; readonly deliveryId: string };
    readonly output: WebhookDelivery;
  };
  /** Give a webhook a new secret */
  readonly rotateWebhookSecret: {
    readonly input: { readonly id: string };
    readonly output: WebhookWithSecret;
  };
  /** Try a webhook out */
  readonly testWebhook: {
    readonly input: { readonly id: string };
    readonly output: WebhookDelivery;
  };
}

export const webhooksRoutes = {
  listWebhooks: {
    method: "GET",
    path: "/control/v1/webhooks",
    parameters: { limit: ["query", "limit"], cursor: ["query", "cursor"] },
    body: null,
    answers: "json",
  },
  createWebhook: {
    method: "POST",
    path: "/control/v1/webhooks",
    parameters: {},
    body: "application/json",
    answers: "json",
  },
  deleteWebhook: {
    method: "DELETE",
    path: "/control/v1/webhooks/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
  getWebhook: {
    method: "GET",
    path: "/control/v1/webhooks/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
  listWebhookDeliveries: {
    method: "GET",
    path: "/control/v1/webhooks/{id}/deliveries",
    parameters: {
      limit: ["query", "limit"],
      cursor: ["query", "cursor"],
      state: ["query", "state"],
      id: ["path", "id"],
    },
    body: null,
    answers: "json",
  },
  redeliverWebhookDelivery: {
    method: "POST",
    path: "/control/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver",
    parameters: { id: ["path", "id"], deliveryId: ["path", "deliveryId"] },
    body: null,
    answers: "json",
  },
  rotateWebhookSecret: {
    method: "POST",
    path: "/control/v1/webhooks/{id}/rotate-secret",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
  testWebhook: {
    method: "POST",
    path: "/control/v1/webhooks/{id}/test",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;
