import { type Clock, type Random, systemClock, systemRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { inject } from "vitest";
import { insertWebhook } from "../../src/control/webhooks/webhook-rows.ts";
import type { ControlDatabase } from "../../src/database/control-database.ts";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import { keepLifecycleEvent, type LifecycleEvent } from "../../src/events/keep-lifecycle-event.ts";
import type { ResolveHost } from "../../src/events/send-webhook.ts";
import { WebhookDispatcher, type WebhookDispatcherState } from "../../src/events/webhook-dispatcher.ts";
import { defaultWebhookSettings, type WebhookSettings } from "../../src/events/webhook-settings.ts";
import { newWebhookSecret } from "../../src/events/webhook-signature.ts";
import { uuidV7 } from "../../src/http/uuid-v7.ts";
import { createTestPlatform, type TestPlatform } from "../database/test-platform.ts";

export const acme = "acme-corp" as TenantId;
export const globex = "globex-inc" as TenantId;

/** A platform's database with what keeps and delivers events, and short ways to use it. */
export interface EventPlatform extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly database: TenantDatabase;
  readonly control: ControlDatabase;
  dispatcher(change?: DispatcherChange): WebhookDispatcher;
  addWebhook(url: string, change?: WebhookChange): Promise<{ readonly id: string; readonly secret: string }>;
  keep(event: Partial<LifecycleEvent>): Promise<boolean>;
  deliveries(webhookId: string): Promise<readonly DeliveryState[]>;
  webhook(id: string): Promise<{
    readonly state: string;
    readonly failures: number;
    readonly last_error: string | null;
    readonly rests_until: Date | null;
  }>;
}

export interface DispatcherChange {
  readonly settings?: Partial<WebhookSettings>;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly resolveHost?: ResolveHost;
  readonly onState?: (state: WebhookDispatcherState) => void;
}

export interface WebhookChange {
  readonly types?: LifecycleEvent["type"][];
  readonly concurrency?: number;
}

export interface DeliveryState {
  readonly event_id: string;
  readonly state: string;
  readonly attempts: number;
  readonly due_at: Date;
  readonly last_status: number | null;
  readonly last_error: string | null;
}

/** Polls fast, and delivers to this machine. */
export const testSettings: WebhookSettings = {
  ...defaultWebhookSettings,
  allowLoopback: true,
  pollMs: 20,
};

export async function createEventPlatform(name: string, clock: Clock = systemClock): Promise<EventPlatform> {
  const platform = await createTestPlatform(inject("databaseServer"), name);
  const database = await platform.open();
  const { control, secretBox } = database;
  const random = systemRandom;
  return {
    platform,
    database,
    control,
    dispatcher: ({ settings, ...change } = {}) =>
      new WebhookDispatcher({
        database: control,
        secretBox,
        settings: { ...testSettings, ...settings },
        clock,
        random,
        ...change,
      }),
    async addWebhook(url, { types = [], concurrency = 2 } = {}) {
      const id = uuidV7(clock.nowMs(), random);
      const secret = newWebhookSecret(random);
      const row = { id, url, description: "", types, concurrency, createdBy: "test" };
      const createdAt = new Date(clock.nowMs());
      await control.transact((client) =>
        insertWebhook(client, { ...row, secret: secretBox.close(id, secret), createdAt }, 1_000),
      );
      return { id, secret };
    },
    keep: (event) =>
      control.transact((client) =>
        keepLifecycleEvent(
          client,
          { type: "onboardingRequest", tenant: acme, operation: null, detail: { tier: "pool" }, ...event },
          { clock, random },
        ),
      ),
    deliveries: (webhookId) =>
      control.query<DeliveryState>(
        "select * from tenantry.webhook_deliveries where webhook_id = $1 order by position",
        [webhookId],
      ),
    async webhook(id) {
      const rows = await control.query("select * from tenantry.webhooks where id = $1", [id]);
      return rows[0] as never;
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
    },
  };
}

/** Asks until it holds. */
export async function eventually(holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const startMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startMs > withinMs) throw new Error(`it does not hold after ${withinMs} ms`);
    await systemClock.sleep(10);
  }
}
