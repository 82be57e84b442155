import { systemClock, systemRandom } from "@tenantry/base";
import { openTenantDatabase } from "../../src/database/tenant-database.ts";
import { WebhookDispatcher } from "../../src/events/webhook-dispatcher.ts";
import { keepLifecycleEvent } from "../../src/events/keep-lifecycle-event.ts";
import { defaultWebhookSettings } from "../../src/events/webhook-settings.ts";

/**
 * A process that keeps events and delivers them until it is killed. It writes the number of each
 * event that it has kept, once that is certain.
 */
const { place, first } = JSON.parse(process.argv[2] ?? "") as {
  readonly place: Parameters<typeof openTenantDatabase>[0];
  readonly first: number;
};
const ports = { clock: systemClock, random: systemRandom };
const database = await openTenantDatabase(place, { ...ports, onEvent: () => undefined });
const dispatcher = new WebhookDispatcher({
  ...ports,
  database: database.control,
  secretBox: database.secretBox,
  settings: {
    ...defaultWebhookSettings,
    allowLoopback: true,
    pollMs: 20,
    leaseMs: 500,
    attemptTimeoutMs: 400,
  },
});
dispatcher.start();
for (let n = first; n < first + 2_000; n += 1) {
  await database.control.transact((client) =>
    keepLifecycleEvent(
      client,
      { type: "onboardingRequest", tenant: `tenant-${n % 7}` as never, operation: `o-${n}`, detail: { n } },
      ports,
    ),
  );
  process.stdout.write(`${n}\n`);
}
