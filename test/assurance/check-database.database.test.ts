import { passes } from "@tenantry/assurance";
import { isCodedError } from "@tenantry/base";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPlatform, type TestPlatform } from "../../packages/runtime/test/database/test-platform.ts";
import { auditDatabase } from "../../packages/toolkit/src/check/audit-database.ts";

// Goal: whoever names a database gets the auditor's verdicts, or is told why not, and no message repeats a password.

let platform: TestPlatform;
let url: string;

beforeAll(async () => {
  platform = await createTestPlatform(inject("databaseServer"), "checked");
  await using database = await platform.open();
  await database.onboard({ id: "acme-corp", tier: "any", isolation: "silo" });
  await database.onboard({ id: "globex-inc", tier: "any", isolation: "bridge" });
  const { server, admin } = platform;
  const user = `${encodeURIComponent(admin.user)}:${encodeURIComponent(admin.password)}`;
  url = `postgres://${user}@${server.host}:${server.port}`;
});
afterAll(() => platform?.[Symbol.asyncDispose]());

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing failed",
    (failure: unknown) => (isCodedError(failure) ? `${failure.code}: ${failure.message}` : failure),
  );

test("the databases of a platform are proved by the URL of their server", async () => {
  const verdicts = await auditDatabase(url, platform.name, null);
  expect(verdicts.length).toBeGreaterThan(20);
  expect(verdicts.filter((verdict) => !passes(verdict))).toEqual([]);
});

test("a function that runs with its owner's rights is refuted", async () => {
  await platform.asAdmin((client) =>
    client.query(
      "create function pool.peek() returns bigint language sql security definer as $$ select count(*) from pool.documents $$",
    ),
  );
  try {
    const open = (await auditDatabase(url, platform.name, null)).filter((verdict) => !passes(verdict));
    expect(open.map(({ kind }) => kind)).toContain("refuted");
  } finally {
    await platform.asAdmin((client) => client.query("drop function pool.peek()"));
  }
});

test.each([
  ["mysql://ada:secret@localhost", /^TOOLKIT_DATABASE_URL: the database cannot be used/],
  ["nonsense secret", /^TOOLKIT_DATABASE_URL: the database cannot be used/],
  ["local", /^TOOLKIT_DATABASE_NOT_RUNNING: checked does not run here/],
])("%s is refused, and no password is repeated", async (place, message) => {
  const text = await codeOf(auditDatabase(place, "checked", null));
  expect(text).toMatch(message);
  expect(text).not.toContain("secret");
});

test("a server on which the platform was never started is a coded error", async () => {
  expect(await codeOf(auditDatabase(url, "nobody", null))).toMatch(/^RUNTIME_DATABASE_UNAVAILABLE: /);
  const wrong = url.replace(/:[^:@]+@/, ":wrong-secret@");
  const text = await codeOf(auditDatabase(wrong, platform.name, null));
  expect(text).not.toContain("wrong-secret");
});
