import type { CataloguePolicy } from "../database-catalogue.ts";
import type { DatabaseExpectations, TenantSchema } from "../database-expectations.ts";
import { refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { byTable, tenantTables } from "../tenant-tables.ts";

export const policiesExact: DatabaseRule = {
  id: "policies-exact",
  why: "permissive policies add up, so one that is too wide opens the table; a weak check lets rows be written into another tenant",
  fix: "drop the other policies and run the migrations, which write the two policies of the table again",
  judge: (catalogue, expectations) => {
    const policiesOf = byTable(catalogue.policies);
    return tenantTables(catalogue, expectations).flatMap((table) => {
      const expected = expectedPolicies(expectations, table.home);
      const actual = policiesOf(table)
        .filter((policy) => !isWriteFence(policy))
        .map(printPolicy);
      const missing = expected.filter((policy) => !actual.includes(policy));
      const surplus = actual.filter((policy) => !expected.includes(policy));
      return [
        ...missing.map((policy) => refuted(table.subject, `lacks the policy ${policy}`)),
        ...surplus.map((policy) => refuted(table.subject, `has the policy ${policy}`)),
      ];
    });
  },
};

/**
 * What keeps one tenant from writing while it moves. It is restrictive, so it takes rights away and
 * gives none; and it says nothing but the tenant's id, so it runs nothing.
 */
function isWriteFence({ name, kind, command, roles, using, check }: CataloguePolicy): boolean {
  const clause = command === "insert" ? check : using;
  const other = command === "insert" ? using : check;
  return (
    name.startsWith(`write_fence_${command}_`) &&
    kind === "restrictive" &&
    command !== "all" &&
    command !== "select" &&
    roles.join() === "public" &&
    other === null &&
    /^\(tenant_id <> '[a-z0-9-]+'::text\)$/.test(clause ?? "")
  );
}

function expectedPolicies({ policies }: DatabaseExpectations, { role }: TenantSchema): readonly string[] {
  const { grant, confine, predicate } = policies;
  const shared = { schema: "", relation: "", command: "all" } as const;
  return [
    printPolicy({ ...shared, name: grant, kind: "permissive", roles: [role], using: "true", check: "true" }),
    printPolicy({
      ...shared,
      name: confine,
      kind: "restrictive",
      roles: ["public"],
      using: predicate,
      check: predicate,
    }),
  ];
}

function printPolicy({ name, kind, command, roles, using, check }: CataloguePolicy): string {
  return `${name} ${kind} for ${command} to ${roles.join(", ")} using ${using} with check ${check}`;
}
