import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const functionGrants: DatabaseRule = {
  id: "function-grants",
  why: "tenants need one function; any other that they can call is a way around what they cannot",
  fix: "revoke execute on the function from public and from the tenants' roles",
  judge: ({ functions }, expectations) => {
    const { tenantFunction, roles } = expectations;
    const findings: Finding[] = [];
    for (const item of functions) {
      const isTenantFunction =
        item.schema === tenantFunction.schema && item.name === tenantFunction.name && item.arguments === "";
      const callers: readonly (string | null)[] = isTenantFunction ? [roles.login, roles.tenants] : [];
      for (const { grantee, privilege } of item.grants) {
        const isOurs = item.schema === expectations.platformSchema;
        if (callers.includes(grantee) || (!isOurs && !isExposed(expectations, grantee))) continue;
        findings.push(
          refuted(`${item.schema}.${item.name}(${item.arguments})`, `${grantee} has ${privilege}`),
        );
      }
    }
    return findings;
  },
};
