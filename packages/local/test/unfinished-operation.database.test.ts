import { randomBytes, randomUUID } from "node:crypto";
import { systemClock, systemRandom } from "@tenantry/base";
import {
  bootstrapDatabase,
  onboardDeclared,
  openTenantDatabase,
  type TenantDatabase,
  type TenantLeftAlone,
} from "@tenantry/runtime";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { examplePlatform } from "./example-platform.ts";

const platform = examplePlatform();
let database: TenantDatabase;
beforeAll(async () => {
  const { host, port, user, password } = inject("databaseServer");
  const place = {
    server: { host, port, tls: "off" },
    admin: { user, password },
    platformName: `up-${randomBytes(5).toString("hex")}`,
    secrets: { rolePassword: randomBytes(24).toString("hex"), seal: randomBytes(24).toString("hex") },
  } as const;
  await bootstrapDatabase(place);
  const ports = { clock: systemClock, random: systemRandom, onEvent: () => undefined };
  database = await openTenantDatabase(place, ports);
});
afterAll(() => database[Symbol.asyncDispose]());

/** What a crash leaves of an operation: the engine goes on with it when it is opened, which is after the start. */
async function leaveUnfinished(tenant: string, kind: "onboard" | "offboard"): Promise<void> {
  await database.control.query(
    `insert into tenantry.operations (id, kind, tenant_id, state, input, requested_by, created_at, updated_at)
     values ($1, $2, $3, 'running', '{}', 'ada@example.com', now(), now())`,
    [randomUUID(), kind, tenant],
  );
}

test("a start leaves declared tenants alone whose operation a crash has interrupted, and sets up the others", async () => {
  // One of which nothing is left but the certificate to be written, and one that was about to be made.
  await leaveUnfinished("acme-corp", "offboard");
  await leaveUnfinished("globex-inc", "onboard");
  const events: TenantLeftAlone[] = [];
  await onboardDeclared(platform, database, (event) => events.push(event));
  expect(await database.registry.find("acme-corp")).toBeUndefined();
  expect(await database.registry.find("globex-inc")).toBeUndefined();
  expect(await database.registry.find("initech-llc")).toMatchObject({ status: "active" });
  const left = events.map((event) => event.tenant);
  expect(left.toSorted()).toEqual(["acme-corp", "globex-inc"]);
});
