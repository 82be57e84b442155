import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

export const platformTablesHidden: DatabaseRule = {
  id: "platform-tables-hidden",
  why: "who reads the seals can open any tenant; who reads the registry knows all tenants; who writes either is the platform",
  fix: "revoke all on the table; the registry may be read by the control and operator roles, and the control role has its own tables",
  judge: ({ relations }, { platformSchema, registryTables, controlTables = {}, tenantView, roles }) => {
    const findings: Finding[] = [];
    for (const { schema, name, grants } of relations) {
      if (schema !== platformSchema) continue;
      const readers: readonly (string | null)[] =
        name === tenantView.name
          ? [roles.login, roles.tenants]
          : registryTables.includes(name)
            ? [roles.control, roles.operator]
            : [];
      const ofControl = Object.hasOwn(controlTables, name) ? (controlTables[name] ?? []) : [];
      for (const { grantee, privilege, grantable } of grants) {
        if (privilege === "SELECT" && readers.includes(grantee)) continue;
        if (grantee === roles.control && ofControl.includes(privilege) && !grantable) continue;
        findings.push(refuted(`${schema}.${name}`, `${grantee} has ${privilege}`));
      }
    }
    return findings;
  },
};
