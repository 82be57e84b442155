import { refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const defaultPrivileges: DatabaseRule = {
  id: "default-privileges",
  why: "a default privilege opens the tables of the next migration before anyone confines them",
  fix: "alter default privileges … revoke it",
  judge: ({ defaultPrivileges: privileges, closedFunctionDefaults: closed }, expectations) => {
    const { owner } = expectations.roles;
    const open = closed.includes(owner)
      ? []
      : [refuted(`defaults of ${owner}`, "public gets EXECUTE on functions")];
    const given = privileges
      .filter(({ grant }) => isExposed(expectations, grant.grantee))
      .map(({ role, schema, objects, grant }) => {
        const where = schema === null ? "" : ` in ${schema}`;
        return refuted(
          `defaults of ${role}`,
          `${grant.grantee} gets ${grant.privilege} on ${objects}${where}`,
        );
      });
    return [...open, ...given];
  },
};
