import { systemClock, systemRandom } from "@tenantry/base";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { keepLifecycleEvent, type LifecycleEvent } from "../../src/events/keep-lifecycle-event.ts";
import { acme, createEventPlatform, type EventPlatform, globex } from "./event-platform.ts";

let events: EventPlatform;
beforeAll(async () => {
  events = await createEventPlatform("keep-event");
});
afterAll(() => events[Symbol.asyncDispose]());
beforeEach(async () => {
  await events.control.query("delete from tenantry.webhooks");
  await events.control.query("delete from tenantry.events");
});

const url = "https://hooks.example.com/";
const ports = { clock: systemClock, random: systemRandom };
const rows = () => events.control.query("select * from tenantry.events order by position");
const event = (change: Partial<LifecycleEvent> = {}): LifecycleEvent => ({
  type: "onboardingRequest",
  tenant: acme,
  operation: "018f0000-0000-7000-8000-000000000001",
  detail: { tier: "pool" },
  ...change,
});

test("an event has its source, its tenant and what receivers get to know", async () => {
  await events.keep(event());
  await events.keep(event({ type: "onboardingSuccess" }));
  expect(await rows()).toMatchObject([
    { type: "onboardingRequest", source: "sbt.control.plane", tenant_id: acme },
    { type: "onboardingSuccess", source: "sbt.application.plane", detail: { tenantId: acme, tier: "pool" } },
  ]);
});

test("a step that is repeated adds no event and no delivery", async () => {
  const { id } = await events.addWebhook(url);
  expect([await events.keep(event()), await events.keep(event())]).toEqual([true, false]);
  // At the same time, as after a crash with a zombie.
  const operation = "018f0000-0000-7000-8000-000000000002";
  const both = await Promise.all([1, 2, 3].map(() => events.keep(event({ operation }))));
  expect(both.filter(Boolean)).toHaveLength(1);
  expect([(await rows()).length, (await events.deliveries(id)).length]).toEqual([2, 2]);
  // An event of no operation is a new one each time.
  await events.keep(event({ operation: null }));
  await events.keep(event({ operation: null }));
  expect(await rows()).toHaveLength(4);
});

test("an event is there with all its deliveries, or not at all", async () => {
  const wanted = [
    await events.addWebhook(url),
    await events.addWebhook(url, { types: ["onboardingRequest", "exportRequest"] }),
  ];
  const unwanted = [await events.addWebhook(url, { types: ["exportRequest"] }), await events.addWebhook(url)];
  await events.control.query(
    "update tenantry.webhooks set state = 'disabled', failing_since = now() where id = $1",
    [unwanted[1]?.id],
  );
  const failure = new Error("the step failed");
  await expect(
    events.control.transact(async (client) => {
      await keepLifecycleEvent(client, event(), ports);
      throw failure;
    }),
  ).rejects.toBe(failure);
  expect(await rows()).toHaveLength(0);
  await events.keep(event());
  for (const { id } of wanted) expect(await events.deliveries(id)).toHaveLength(1);
  for (const { id } of unwanted) expect(await events.deliveries(id)).toHaveLength(0);
});

test("an event can be kept while its webhooks are being served, and while one is removed", async () => {
  const { id } = await events.addWebhook(url);
  await events.control.transact(async (client) => {
    await client.query("select from tenantry.webhooks for no key update");
    await events.keep(event());
  });
  // Whoever comes first decides; neither fails and nothing is left over.
  await Promise.all([
    ...Array.from({ length: 20 }, (_, n) => events.keep(event({ operation: `o-${n}` }))),
    events.control.query("delete from tenantry.webhooks where id = $1", [id]),
  ]);
  expect(await rows()).toHaveLength(21);
  expect(await events.deliveries(id)).toEqual([]);
});

test("events of one transaction keep the order in which they were written", async () => {
  await events.control.transact(async (client) => {
    for (let n = 0; n < 50; n += 1)
      await keepLifecycleEvent(client, event({ operation: `o-${n}`, detail: { n } }), ports);
  });
  expect((await rows()).map(({ detail }) => detail.n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
});

test("a detail that is too large is a mistake of whoever writes it", async () => {
  await expect(events.keep(event({ detail: { text: "x".repeat(40_000) } }))).rejects.toThrow(
    "more than 32768 bytes",
  );
});

test("the control role adds events, and changes none", async () => {
  await events.keep(event());
  await expect(events.control.query("update tenantry.events set detail = '{}'")).rejects.toMatchObject({
    code: "42501",
  });
  for (const tenant of [acme, globex]) {
    const mine = { id: tenant, tier: "pool", isolation: "pool" } as const;
    await events.database.onboard(mine);
  }
  const tenant = await events.database.registry.find(acme);
  // The door leads to no table of the platform.
  await expect(
    events.database.store.read(tenant as never, (db) =>
      db.selectFrom("tenantry.events" as never).selectAll(),
    ),
  ).rejects.toMatchObject({ code: "RUNTIME_STORE_REFUSED" });
});
