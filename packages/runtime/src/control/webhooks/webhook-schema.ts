import { z } from "zod";
import { type EventType, eventTypes } from "../../events/lifecycle-events.ts";
import type { ProblemCode } from "../../http/problems.ts";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern } from "../../http/uuid-v7.ts";
import { controlProblems } from "../control-context.ts";
import { pendingCountMax, type WebhookRow } from "./webhook-rows.ts";

const uuid = z.string().regex(uuidPattern, "must be a UUID in lower case");
export const webhookParams = z.strictObject({ id: uuid });
export const deliveryParams = z.strictObject({ id: uuid, deliveryId: uuid });

/** What a request that does something to one webhook can be answered with. */
export const webhookActionProblems = [
  ...controlProblems,
  "INVALID_PARAMETER",
  "PRECONDITION_UNSUPPORTED",
  "WEBHOOK_NOT_FOUND",
] as const satisfies readonly ProblemCode[];

/** Types that a webhook can be for: the one that tries it out comes whatever it is for. */
const subscribable = eventTypes.filter((type) => type !== "webhookTest");

const types = z
  .array(z.enum(subscribable as [EventType, ...EventType[]]))
  .max(subscribable.length, "must not name a type twice")
  .refine((given) => new Set(given).size === given.length, "must not name a type twice");
const concurrency = z.int("must be a whole number from 1 to 4").min(1).max(4);

const example = {
  id: "019b5a3e-2e00-7f00-8000-2f6b0c9d1e3f",
  url: "https://hooks.example.com/tenants",
  description: "Billing",
  types: ["onboardingSuccess" as const, "offboardingSuccess" as const],
  concurrency: 2,
  state: "active" as const,
  failures: 0,
  failingSince: null,
  nextAttemptAt: null,
  lastError: null,
  lastDeliveredAt: "2026-01-31T12:00:00.000Z",
  pendingDeliveries: 0,
  previousSecretUntil: null,
  createdAt: "2026-01-30T09:00:00.000Z",
  createdBy: "ada@example.com",
};

const webhookShape = {
  id: z.string(),
  url: z.string(),
  description: z.string(),
  types: z.array(z.enum(eventTypes)),
  concurrency: z.int(),
  state: z.enum(["active", "failing", "disabled"]),
  failures: z.int().min(0),
  failingSince: timestamp.nullable(),
  nextAttemptAt: timestamp.nullable(),
  lastError: z.string().nullable(),
  lastDeliveredAt: timestamp.nullable(),
  pendingDeliveries: z.int().min(0).max(pendingCountMax),
  previousSecretUntil: timestamp.nullable(),
  createdAt: timestamp,
  createdBy: z.string(),
};

export const webhookSchema = z.strictObject(webhookShape).register(apiSchemas, {
  id: "Webhook",
  description: `Where events are sent. No types means all. After several failures in a row it is failing and asked only now and then; after days without a success it is disabled and gets nothing more. A test that succeeds makes it active again. At ${pendingCountMax} pendingDeliveries are counted no further.`,
  examples: [example],
});

export const webhookWithSecretSchema = z
  .strictObject({ ...webhookShape, secret: z.string() })
  .register(apiSchemas, {
    id: "WebhookWithSecret",
    description: "A webhook with what it is signed with (Standard Webhooks). It is shown this one time.",
    examples: [{ ...example, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=" }],
  });

export const newWebhookSchema = z
  .strictObject({
    url: z.string(),
    description: z.string().max(200, "must be at most 200 characters").optional(),
    types: types.optional(),
    concurrency: concurrency.optional(),
  })
  .register(apiSchemas, {
    id: "NewWebhook",
    description:
      "Where events are to be sent: an https URL that leads to the internet. Of its attempts up to `concurrency` are under way at once, 2 where not given.",
    examples: [{ url: example.url, types: example.types, description: example.description }],
  });

export const webhookDeliverySchema = z
  .strictObject({
    id: z.string(),
    eventType: z.enum(eventTypes),
    tenant: z.string().nullable(),
    state: z.enum(["pending", "delivered", "failed"]),
    attempts: z.int().min(0),
    nextAttemptAt: timestamp.nullable(),
    lastAttemptAt: timestamp.nullable(),
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    queuedAt: timestamp,
    endedAt: timestamp.nullable(),
  })
  .register(apiSchemas, {
    id: "WebhookDelivery",
    description:
      "An event on its way to a webhook. The id is that of the event, and stands in the header webhook-id of every attempt.",
    examples: [
      {
        id: "019b5a3e-2f00-7c5d-8a41-2f6b0c9d1e3f",
        eventType: "onboardingSuccess",
        tenant: "umbrella-co",
        state: "pending",
        attempts: 2,
        nextAttemptAt: "2026-01-31T12:00:20.000Z",
        lastAttemptAt: "2026-01-31T12:00:10.000Z",
        lastStatus: 503,
        lastError: "it answered 503",
        queuedAt: "2026-01-31T12:00:00.000Z",
        endedAt: null,
      },
    ],
  });

export interface DeliveryRow {
  readonly position: string;
  readonly event_id: string;
  readonly type: EventType;
  readonly lane: string;
  readonly state: "pending" | "delivered" | "failed";
  readonly attempts: number;
  readonly due_at: Date;
  readonly last_attempt_at: Date | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly queued_at: Date;
  readonly ended_at: Date | null;
}

const time = (value: Date | null) => value?.toISOString() ?? null;

export function webhookView(row: WebhookRow, nowMs: number): z.infer<typeof webhookSchema> {
  const until = row.previous_secret_until;
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    types: [...row.types],
    concurrency: row.concurrency,
    state: row.state,
    failures: row.failures,
    failingSince: time(row.failing_since),
    nextAttemptAt: row.state === "failing" ? time(row.rests_until) : null,
    lastError: row.last_error,
    lastDeliveredAt: time(row.last_delivered_at),
    pendingDeliveries: row.pending,
    previousSecretUntil: until !== null && until.getTime() > nowMs ? until.toISOString() : null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  };
}

export function deliveryView(row: DeliveryRow): z.infer<typeof webhookDeliverySchema> {
  return {
    id: row.event_id,
    eventType: row.type,
    tenant: row.lane === "" ? null : row.lane,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.state === "pending" ? row.due_at.toISOString() : null,
    lastAttemptAt: time(row.last_attempt_at),
    lastStatus: row.last_status,
    lastError: row.last_error,
    queuedAt: row.queued_at.toISOString(),
    endedAt: time(row.ended_at),
  };
}
