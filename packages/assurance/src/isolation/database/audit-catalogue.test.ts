import { describe, expect, test } from "vitest";
import { passes } from "../../verdict.ts";
import { auditCatalogue, databaseRules } from "./audit-catalogue.ts";
import type { DatabaseCatalogue } from "./database-catalogue.ts";
import type { DatabaseExpectations } from "./database-expectations.ts";

// What the rules make of a real database, whole and broken, is tested with PostgreSQL in the
// runtime. Here: what they say when there is nothing to see.
const empty: DatabaseCatalogue = {
  kind: "database-catalogue",
  database: "shared",
  serverVersion: 180_004,
  roles: [],
  memberships: [],
  roleSettings: [],
  databases: [],
  schemas: [],
  relations: [],
  columns: [],
  policies: [],
  uniqueIndexes: [],
  foreignKeys: [],
  checks: [],
  functions: [],
  triggers: [],
  eventTriggers: [],
  extensions: [],
  foreignServers: [],
  publications: [],
  defaultPrivileges: [],
  closedFunctionDefaults: ["owner"],
  parameterGrants: [],
  largeObjectGrants: [],
  systemRelationGrants: [],
  sharedStateGrants: [],
};
const expectations: DatabaseExpectations = {
  database: "shared",
  roles: { owner: "owner", login: "app", control: "control", operator: "operator", tenants: "tenants" },
  platformSchema: "platform",
  registryTables: ["tenants"],
  tenantSchemas: [{ schema: "pool", role: "app", tenant: null }],
  tenantView: { schema: "platform", name: "current_tenant", definitions: ["select 1"] },
  tenantFunction: { schema: "platform", name: "tenant_id", bodyHash: "0", settings: [] },
  definers: [],
  policies: { grant: "access", confine: "confinement", predicate: "p", onlyTenant: "only" },
  loginSettings: [],
  systemCatalogue: "closed",
};
const verdictsOf = (rule: string, catalogue: Partial<DatabaseCatalogue>) =>
  auditCatalogue({ ...empty, ...catalogue }, expectations).filter((verdict) => verdict.rule === rule);

describe("the rules", () => {
  test("have ids of their own, in order, and each says why and what to do", () => {
    const ids = databaseRules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const { why, fix } of databaseRules) {
      expect(why).toMatch(/^[a-z].*[^.]$/i);
      expect(fix).toMatch(/^[a-z].*[^.]$/i);
    }
  });

  test("each give at least one verdict", () => {
    const judged = new Set(auditCatalogue(empty, expectations).map(({ rule }) => rule));
    expect([...judged].sort()).toEqual(databaseRules.map(({ id }) => id));
  });

  test("call unknown what is missing from the catalogue, and unknown does not pass", () => {
    const verdicts = auditCatalogue(empty, expectations).filter(({ kind }) => kind === "unknown");
    expect(verdicts.map(({ rule, subject }) => `${rule} ${subject}`).sort()).toEqual([
      "role-attributes app",
      "role-attributes control",
      "role-attributes operator",
      "role-attributes owner",
      "role-attributes tenants",
      "tenant-function platform.tenant_id()",
      "tenant-schemas-present schema platform",
      "tenant-schemas-present schema pool",
      "tenant-view platform.current_tenant",
    ]);
    expect(verdicts.some(passes)).toBe(false);
  });
});

describe("the server's version", () => {
  test.each([
    [150_013, "refuted"],
    [150_014, "proved"],
    [160_009, "refuted"],
    [160_010, "proved"],
    [170_005, "refuted"],
    [170_006, "proved"],
    [180_000, "proved"],
    [140_030, "refuted"],
    [190_000, "unknown"],
    [null, "unknown"],
  ] as const)("%s is %s", (serverVersion, kind) => {
    expect(verdictsOf("server-version", { serverVersion })).toMatchObject([{ kind }]);
  });
});

test("a catalogue that cannot be closed is not applicable, but a right of one role on top is refuted", () => {
  const managed: DatabaseExpectations = { ...expectations, systemCatalogue: "cannot-be-closed" };
  const grantTo = (grantee: string) => ({
    ...empty,
    systemRelationGrants: [
      { relation: "pg_catalog.pg_roles", grant: { grantee, privilege: "SELECT", grantable: false } },
    ],
  });
  const kindsOf = (catalogue: DatabaseCatalogue) =>
    auditCatalogue(catalogue, managed)
      .filter(({ rule }) => rule === "system-catalogue-closed")
      .map(({ kind }) => kind);
  expect(kindsOf(grantTo("public"))).toEqual(["not-applicable"]);
  expect(kindsOf(grantTo("app"))).toEqual(["refuted"]);
});

describe("what keeps a tenant from writing while it moves", () => {
  const relation = {
    schema: "pool",
    name: "documents",
    kind: "table",
    owner: "owner",
    rowSecurity: true,
    rowSecurityForced: true,
    parents: [],
    options: [],
    rules: [],
    grants: [],
  } as unknown as DatabaseCatalogue["relations"][number];
  const table = { schema: "pool", relation: "documents" } as const;
  const own = [
    {
      ...table,
      name: "access",
      kind: "permissive",
      command: "all",
      roles: ["app"],
      using: "true",
      check: "true",
    },
    {
      ...table,
      name: "confinement",
      kind: "restrictive",
      command: "all",
      roles: ["public"],
      using: "p",
      check: "p",
    },
  ] as const;
  const fence = {
    ...table,
    name: "write_fence_update_0123456789abcdef",
    kind: "restrictive",
    command: "update",
    roles: ["public"],
    using: "(tenant_id <> 'acme-corp'::text)",
    check: null,
  } as const;
  const kindsOf = (policy: DatabaseCatalogue["policies"][number]) =>
    verdictsOf("policies-exact", { relations: [relation], policies: [...own, policy] }).map(
      ({ kind }) => kind,
    );

  test("is known, in each of its three forms", () => {
    const insert = {
      ...fence,
      name: "write_fence_insert_0",
      command: "insert",
      using: null,
      check: "(tenant_id <> 'acme-corp'::text)",
    } as const;
    const remove = { ...fence, name: "write_fence_delete_0", command: "delete" } as const;
    for (const policy of [fence, insert, remove]) expect(kindsOf(policy)).toEqual(["proved"]);
  });

  test.each([
    ["gives rights", { kind: "permissive" }],
    ["is for everything", { command: "all", name: "write_fence_all_0" }],
    ["is for reading", { command: "select", name: "write_fence_select_0" }],
    ["is for another command than its name says", { command: "delete" }],
    ["calls a function", { using: "(tenant_id <> planted('acme-corp'::text))" }],
    ["says more", { using: "((tenant_id <> 'acme-corp'::text) OR true)" }],
    ["checks something else beside", { check: "planted()" }],
    ["is for one role", { roles: ["app"] }],
  ] as const)("is refuted where it %s", (_, change) => {
    expect(kindsOf({ ...fence, ...change } as never)).toEqual(["refuted"]);
  });
});
