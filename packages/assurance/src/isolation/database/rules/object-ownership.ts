import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

export const objectOwnership: DatabaseRule = {
  id: "object-ownership",
  why: "an owner can switch row-level security off, and drop its policies",
  fix: "alter … owner to the owner role",
  judge: ({ databases, schemas, relations, functions, database }, expectations) => {
    const { owner } = expectations.roles;
    const ours = new Set([
      expectations.platformSchema,
      ...expectations.tenantSchemas.map(({ schema }) => schema),
    ]);
    const findings: Finding[] = [];
    const check = (subject: string, actual: string) => {
      if (actual !== owner) findings.push(refuted(subject, `is owned by ${actual}`));
    };
    for (const item of databases) if (item.name === database) check(`database ${item.name}`, item.owner);
    for (const item of schemas) if (ours.has(item.name)) check(`schema ${item.name}`, item.owner);
    for (const item of relations) if (ours.has(item.schema)) check(`${item.schema}.${item.name}`, item.owner);
    for (const item of functions)
      if (ours.has(item.schema)) check(`${item.schema}.${item.name}()`, item.owner);
    return findings;
  },
};
