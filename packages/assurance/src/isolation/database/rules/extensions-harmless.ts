import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

/** Extensions known to add types, operators and index methods only. Anything else may reach across tenants. */
const harmless: ReadonlySet<string> = new Set([
  "plpgsql",
  "btree_gin",
  "btree_gist",
  "citext",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "ltree",
  "pg_trgm",
  "unaccent",
  "uuid-ossp",
  "vector",
]);

export const extensionsHarmless: DatabaseRule = {
  id: "extensions-harmless",
  why: "dblink and foreign data wrappers open other connections, pg_stat_statements shows the statements of all tenants, untrusted languages read files",
  fix: "drop extension …, or keep it in a database without tenants",
  judge: ({ extensions, foreignServers, publications, database }) => {
    const findings: Finding[] = extensions
      .filter((name) => !harmless.has(name))
      .map((name) => refuted(database, `has the extension ${name}`));
    for (const name of foreignServers) findings.push(refuted(database, `has the foreign server ${name}`));
    for (const name of publications) findings.push(refuted(database, `has the publication ${name}`));
    return findings;
  },
};
