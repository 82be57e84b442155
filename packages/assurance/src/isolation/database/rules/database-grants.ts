import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const databaseGrants: DatabaseRule = {
  id: "database-grants",
  why: "temporary tables stay on a shared connection for the next tenant; who may connect to a silo's database is inside; who may create makes schemas",
  fix: "revoke all on database … from public, and connect from everyone but the database's own roles",
  judge: ({ databases, database }, expectations) => {
    const { owner, operator, login, control } = expectations.roles;
    const entrants: readonly (string | null)[] = [owner, operator, login, control];
    const findings: Finding[] = [];
    for (const { name, owner: databaseOwner, grants } of databases) {
      const isOurs = name === database;
      // Databases of the same owner are the platform's; others on the server are judged by nobody here.
      if (!isOurs && databaseOwner !== owner) continue;
      for (const { grantee, privilege } of grants) {
        const isEntry = privilege === "CONNECT" && isOurs && entrants.includes(grantee);
        if (isEntry || (!isOurs && !isExposed(expectations, grantee))) continue;
        findings.push(refuted(`database ${name}`, `${grantee} has ${privilege}`));
      }
    }
    return findings;
  },
};
