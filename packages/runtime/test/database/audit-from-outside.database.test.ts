// Goal: who has only an administrator's URL, or the owner's password, is told of the databases what the platform itself
// is told at its start, and nothing is changed by asking.
import { passes } from "@tenantry/assurance";
import { isCodedError } from "@tenantry/base";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { auditFromOutside, databaseOwner } from "../../src/database/audit-from-outside.ts";
import { auditShared, auditSilo } from "../../src/database/audit-database.ts";
import type { DatabaseAccess } from "../../src/database/database-access.ts";
import { withClient } from "../../src/database/database-server.ts";
import { identifier } from "../../src/database/sql-text.ts";
import { createTestPlatform, type TestPlatform } from "./test-platform.ts";
import type { TenantId } from "@tenantry/model";

let platform: TestPlatform;
let access: DatabaseAccess;

beforeAll(async () => {
  platform = await createTestPlatform(inject("databaseServer"), "outside");
  await using database = await platform.open();
  for (const isolation of ["pool", "bridge", "silo"] as const)
    await database.onboard({ id: `${isolation}-one`, tier: "any", isolation });
  access = await platform.access();
});
afterAll(() => platform?.[Symbol.asyncDispose]());

const audit = (as: "administrator" | "owner") =>
  auditFromOutside({
    server: platform.server,
    platformName: platform.name,
    ...(as === "administrator"
      ? { credentials: platform.admin }
      : {
          credentials: databaseOwner(platform.name, access.secrets),
          systemCatalogue: "closed",
        }),
  });

test.each(["administrator", "owner"] as const)("the %s is told what a start is told", async (as) => {
  const inside = [...(await auditShared(access)), ...(await auditSilo(access, "silo-one" as TenantId))];
  expect(await audit(as)).toEqual(inside);
  expect(inside.filter((verdict) => !passes(verdict))).toEqual([]);
});

test("a hole in the shared database is refuted", async () => {
  const { database } = access.names;
  await withClient(platform.server, platform.admin, database, async (client) => {
    await client.query("alter table pool.documents no force row level security");
    try {
      const open = (await audit("administrator")).filter((verdict) => !passes(verdict));
      expect(open).toMatchObject([{ kind: "refuted", rule: "row-security-forced" }]);
    } finally {
      await client.query("alter table pool.documents force row level security");
    }
  });
});

test("a hole in the database of one tenant is refuted", async () => {
  const silo = (await audit("administrator"))
    .map(({ subject }) => subject)
    .find((one) => one.includes("_t_"));
  await withClient(platform.server, platform.admin, silo ?? "", async (client) => {
    await client.query(`grant all on app.documents to ${identifier(access.names.control)}`);
    try {
      const open = (await audit("owner")).filter((verdict) => !passes(verdict));
      expect(open.map(({ kind }) => kind)).toContain("refuted");
    } finally {
      await client.query(`revoke all on app.documents from ${identifier(access.names.control)}`);
    }
  });
});

test("a platform that is not there is a coded error", async () => {
  const { server, admin } = platform;
  const failure: unknown = await auditFromOutside({
    server,
    credentials: admin,
    platformName: "nobody",
  }).catch((error: unknown) => error);
  expect(isCodedError(failure) && failure.code).toBe("RUNTIME_DATABASE_UNAVAILABLE");
});
