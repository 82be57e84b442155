import { type DatabaseRule, refuted } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const defaultPrivileges: DatabaseRule = {
  id: "default-privileges",
  why: "a default privilege opens the tables of the next migration before anyone confines them",
  fix: "alter default privileges … revoke it",
  judge: ({ defaultPrivileges: privileges }, expectations) =>
    privileges
      .filter(({ grant }) => isExposed(expectations, grant.grantee))
      .map(({ role, schema, objects, grant }) =>
        refuted(
          `defaults of ${role}`,
          `${grant.grantee} gets ${grant.privilege} on ${objects}${schema === null ? "" : ` in ${schema}`}`,
        ),
      ),
};
