import { refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const parameterGrants: DatabaseRule = {
  id: "parameter-grants",
  why: "session_replication_role switches foreign keys and triggers off, track_activities shows one tenant's queries to the next",
  fix: "revoke set on parameter …",
  judge: ({ parameterGrants: grants, database }, expectations) =>
    grants
      .filter(({ grant }) => isExposed(expectations, grant.grantee))
      .map(({ parameter, grant }) => refuted(database, `${grant.grantee} may set ${parameter}`)),
};
