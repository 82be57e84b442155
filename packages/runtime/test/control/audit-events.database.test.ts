import { systemClock, systemRandom } from "@tenantry/base";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type ControlAuditEvent,
  keepControlAuditEvent,
} from "../../src/control/audit-events/keep-control-audit-event.ts";
import { verifyControlAuditEvents } from "../../src/control/audit-events/verify-control-audit-events.ts";
import { acme, createEventPlatform, type EventPlatform } from "../events/event-platform.ts";

let events: EventPlatform;
beforeAll(async () => {
  events = await createEventPlatform("control-audit");
});
afterAll(() => events[Symbol.asyncDispose]());

/** Somebody with every right, past trigger and grants. */
const tamper = (text: string) =>
  events.platform.asAdmin(async (admin) => {
    await admin.query("alter table tenantry.audit_events disable trigger chain");
    await admin.query(text);
    await admin.query("alter table tenantry.audit_events enable trigger chain");
  });
beforeEach(() =>
  tamper("delete from tenantry.audit_events; update tenantry.audit_head set position = 0, hash = ''"),
);

const ports = { clock: systemClock, random: systemRandom };
const event = (change: Partial<ControlAuditEvent> = {}): ControlAuditEvent => ({
  actorKind: "operator",
  actor: "ada@example.com",
  action: "tenant.suspended",
  target: acme,
  tenant: acme,
  requestId: "r-1",
  details: { before: { status: "active" }, after: { status: "suspended" } },
  ...change,
});
const keep = (change: Partial<ControlAuditEvent> = {}) =>
  events.control.transact((client) => keepControlAuditEvent(client, event(change), ports));
const keepMany = async (count: number) => {
  for (let n = 1; n <= count; n += 1) await keep({ target: `t-${n}`, details: { n, text: "größer\n\"'\\" } });
};
const verify = () => verifyControlAuditEvents(events.control);

test("an empty trail is intact, and so is one that was added to", async () => {
  expect(await verify()).toMatchObject({ kind: "intact", events: 0 });
  await keepMany(5);
  await keep({ tenant: null, details: {} });
  const verdict = await verify();
  expect(verdict).toMatchObject({ kind: "intact", events: 6 });
  expect((verdict as { hash: string }).hash).toMatch(/^[0-9a-f]{64}$/);
});

test("those who add at the same time follow one another, and what is rolled back leaves no gap", async () => {
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const work = events.control.transact(async (client) => {
        await keepControlAuditEvent(client, event({ target: `t-${n}` }), ports);
        if (n % 4 === 0) throw new Error("rolled back");
      });
      await work.catch(() => undefined);
    }),
  );
  expect(await verify()).toMatchObject({ kind: "intact", events: 30 });
});

test("a trail of several pages is followed to its end", async () => {
  await events.control.transact(async (client) => {
    for (let n = 0; n < 2_300; n += 1)
      await keepControlAuditEvent(client, event({ target: `t-${n}` }), ports);
  });
  expect(await verify()).toMatchObject({ kind: "intact", events: 2_300 });
  await tamper("update tenantry.audit_events set target = 't-x' where position = 2200");
  expect(await verify()).toMatchObject({ kind: "broken", position: 2_200 });
});

describe("a trail shows that", () => {
  beforeEach(() => keepMany(6));

  test.each([
    ["a row was edited", "update tenantry.audit_events set actor = 'bob@example.com' where position = 3", 3],
    ["a detail was edited", "update tenantry.audit_events set details = '{\"n\":9}' where position = 4", 4],
    [
      "the spelling of a detail was edited",
      "update tenantry.audit_events set details = details || ' ' where position = 4",
      4,
    ],
    ["a tenant was taken out", "update tenantry.audit_events set tenant_id = null where position = 2", 2],
    [
      "a time was moved",
      "update tenantry.audit_events set occurred_at = occurred_at - interval '1 ms' where position = 5",
      5,
    ],
    [
      "text moved from one column to the next",
      "update tenantry.audit_events set action = 'tenant', target = '.suspended' || target where position = 2",
      2,
    ],
    ["a row was removed", "delete from tenantry.audit_events where position = 3", 3],
    ["the first row was removed", "delete from tenantry.audit_events where position = 1", 1],
    ["the last row was removed", "delete from tenantry.audit_events where position = 6", 6],
    [
      "two rows changed places",
      `update tenantry.audit_events set position = -position where position in (2, 3);
       update tenantry.audit_events set position = 5 + position where position in (-2, -3)`,
      2,
    ],
    [
      "a hash was made to fit its row",
      `update tenantry.audit_events set hash = sha256(hash) where position = 3`,
      3,
    ],
    [
      "a row was put in behind the end",
      `insert into tenantry.audit_events
         (position, id, occurred_at, actor_kind, actor, action, target, request_id, details, hash)
       values (7, gen_random_uuid(), now(), 'system', 'x', 'x', 'x', '', '{}', sha256('x'))`,
      7,
    ],
    [
      "the end was cut off together with its head",
      `delete from tenantry.audit_events where position > 4;
       update tenantry.audit_head set position = 4`,
      4,
    ],
    ["the head is missing", "delete from tenantry.audit_head", 0],
  ])("%s", async (what, text, position) => {
    expect(await verify()).toMatchObject({ kind: "intact" });
    await tamper(text);
    expect(await verify()).toMatchObject({ kind: "broken", position });
    if (what === "the head is missing")
      await tamper("insert into tenantry.audit_head (position, hash) values (0, '')");
  });

  test("a trail that was wholly written anew has another hash than the one that was noted", async () => {
    const noted = await verify();
    await tamper("delete from tenantry.audit_events; update tenantry.audit_head set position = 0, hash = ''");
    await keepMany(6);
    const verdict = await verify();
    expect(verdict.kind).toBe("intact");
    expect(verdict).not.toEqual(noted);
  });
});

test("the control role adds and reads, and cannot choose where its events stand", async () => {
  await keepMany(2);
  for (const text of [
    "update tenantry.audit_events set actor = 'x'",
    "delete from tenantry.audit_events",
    "truncate tenantry.audit_events",
    "update tenantry.audit_head set position = 0",
    "delete from tenantry.audit_head",
    "alter table tenantry.audit_events disable trigger chain",
    "drop table tenantry.audit_events",
    "select tenantry.chain_audit_event()",
  ]) {
    await expect(events.control.query(text), text).rejects.toThrow(/permission denied|must be owner/);
  }
  await events.control.query(
    `insert into tenantry.audit_events
       (position, id, occurred_at, actor_kind, actor, action, target, request_id, details, hash)
     values (1000, gen_random_uuid(), now(), 'system', 'x', 'x', 'x', '', '{}', sha256('x'))`,
  );
  expect(await verify()).toMatchObject({ kind: "intact", events: 3 });
});

test.each([
  [
    "may change events of the trail",
    "grant update on tenantry.audit_events to {control}",
    "platform-tables-hidden",
  ],
  ["may move the head", "grant update on tenantry.audit_head to {control}", "platform-tables-hidden"],
  [
    "may pass on what it may",
    "grant insert on tenantry.audit_events to {control} with grant option",
    "platform-tables-hidden",
  ],
  [
    "shares the trail with the application",
    "grant select on tenantry.audit_events to {app}",
    "platform-tables-hidden",
  ],
  [
    "meets another function in the trigger",
    `create or replace function tenantry.chain_audit_event() returns trigger language plpgsql security definer
       set search_path = pg_catalog, pg_temp as 'begin return new; end'`,
    "definer-functions",
  ],
])("the server does not start when the control role %s", async (_what, text, rule) => {
  const refuted = async () =>
    (await events.database.audit()).filter(({ kind }) => kind === "refuted").map((verdict) => verdict.rule);
  expect(await refuted()).toEqual([]);
  const { prefix } = events.platform;
  const names = text.replace("{control}", `${prefix}_control`).replace("{app}", `${prefix}_app`);
  const [before] = await events.platform.asAdmin(
    async (admin) =>
      (await admin.query("select pg_get_functiondef('tenantry.chain_audit_event'::regproc) as text")).rows,
  );
  await events.platform.asAdmin((admin) => admin.query(names));
  expect(await refuted()).toContain(rule);
  await events.platform.asAdmin(async (admin) => {
    await admin.query(before.text);
    await admin.query(
      `revoke all on tenantry.audit_events, tenantry.audit_head from ${prefix}_control, ${prefix}_app`,
    );
  });
  // The bootstrap makes right what is not.
  await events.platform.bootstrap();
  expect(await refuted()).toEqual([]);
});
