// Goal: the auditor notices every way we know in which the database could stop to isolate tenants.
// Method: break it in one way, inside a transaction, let the auditor judge what it sees there, roll
// back. A mutant that survives fails the test. The golden table shows which rules killed it.
import { auditCatalogue, databaseRules, passes } from "@tenantry/assurance";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import pg from "pg";
import {
  auditShared,
  auditSilo,
  bridgeSchemas,
  expectShared,
  expectSilo,
} from "../../src/database/audit-database.ts";
import { readCatalogueInTransaction } from "../../src/database/catalogue.ts";
import type { DatabaseAccess } from "../../src/database/database-access.ts";
import { tenantObjectName } from "../../src/database/database-names.ts";
import { type Mutation, mutations } from "./mutations.ts";
import { createTestPlatform, shapedMigrations, type TestPlatform } from "./test-platform.ts";

let platform: TestPlatform;
let access: DatabaseAccess;
const clients: Record<Mutation["database"], pg.Client> = {} as never;
const nameOf = (id: string) => tenantObjectName(access.names, access.nameKey, id as TenantId);

beforeAll(async () => {
  platform = await createTestPlatform(inject("databaseServer"), "mutations", shapedMigrations);
  await using database = await platform.open();
  for (const isolation of ["pool", "bridge", "silo"] as const) {
    for (const number of ["one", "two"])
      await database.onboard({ id: `${isolation}-${number}`, tier: "any", isolation });
  }
  access = await platform.access();
  for (const [kind, name] of [
    ["shared", access.names.database],
    ["silo", nameOf("silo-one")],
  ] as const) {
    const { host, port } = platform.server;
    const client = new pg.Client({ host, port, ...platform.admin, database: name });
    await client.connect();
    clients[kind] = client;
  }
});

afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.end()));
  await platform?.[Symbol.asyncDispose]();
});

describe("the auditor", () => {
  const killers = new Map<string, readonly string[]>();

  test("proves every rule of an unbroken database, shared and silo", async () => {
    const verdicts = [...(await auditShared(access)), ...(await auditSilo(access, "silo-one" as TenantId))];
    expect(verdicts.filter(({ kind }) => kind !== "proved")).toEqual([]);
    expect(new Set(verdicts.map(({ rule }) => rule)).size).toBe(databaseRules.length);
  });

  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    "kills: %s",
    async (_, mutation) => {
      const rules = await killersOf(mutation);
      killers.set(mutation.name, rules);
      expect(rules).not.toEqual([]);
    },
  );

  test("gives the table of which rule killed which mutant", async () => {
    const width = Math.max(...mutations.map(({ name }) => name.length));
    const lines = mutations.map(
      ({ name }) => `${name.padEnd(width)}  ${killers.get(name)?.join(", ") ?? "not run"}`,
    );
    const idle = databaseRules.map(({ id }) => id).filter((id) => ![...killers.values()].flat().includes(id));
    const text = [
      `${mutations.length} mutants, all killed.`,
      "",
      ...lines,
      "",
      `Rules that killed none: ${idle.join(", ") || "none"}.`,
      "",
    ];
    await expect(text.join("\n")).toMatchFileSnapshot("./mutations.golden.txt");
  });
});

async function killersOf({ database, sql }: Mutation): Promise<readonly string[]> {
  const client = clients[database];
  await client.query("begin");
  try {
    await client.query(fillIn(sql));
    const expectations =
      database === "shared"
        ? expectShared(access, await bridgeSchemas(client), "closed")
        : expectSilo(access, "silo-one" as TenantId, "closed");
    const verdicts = auditCatalogue(await readCatalogueInTransaction(client), expectations);
    return [...new Set(verdicts.filter((verdict) => !passes(verdict)).map(({ rule }) => rule))].sort();
  } finally {
    await client.query("rollback");
  }
}

function fillIn(sql: string): string {
  const { names } = access;
  const values: Readonly<Record<string, string>> = {
    ...names,
    bridge: nameOf("bridge-one"),
    other: nameOf("bridge-two"),
    silo: nameOf("silo-one"),
    siloOther: nameOf("silo-two"),
  };
  return sql.replaceAll(/\{(\w+)\}/g, (_, key: string) => values[key] ?? `missing_${key}`);
}
