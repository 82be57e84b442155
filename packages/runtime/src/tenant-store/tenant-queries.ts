import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import { errors } from "../errors.ts";
import type { Statement } from "./batch.ts";
import { knownResidue } from "./prepared-query.ts";
import type { TenantTables } from "./tenant-tables.ts";

/** Builds queries and cannot run them: the driver does nothing, the store runs what was compiled. */
const builder = new Kysely<TenantTables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** A builder whose every table is in the schema. */
export function tenantQueries(schema: string): Kysely<TenantTables> {
  return builder.withSchema(schema);
}

const readKinds: ReadonlySet<string> = new Set(["SelectQueryNode"]);
const writeKinds: ReadonlySet<string> = new Set([
  "SelectQueryNode",
  "InsertQueryNode",
  "UpdateQueryNode",
  "DeleteQueryNode",
  "MergeQueryNode",
]);
const firstWords = /^(select|with|insert|update|delete|merge)\s/i;

/**
 * Compiles a query for one tenant. A statement that is written as raw SQL from its first word
 * could change the session, so only the five kinds that the builder makes pass. The protocol
 * then lets a statement be one statement only, whatever its text.
 */
export function compileStatement(
  query: Compilable<unknown>,
  mode: "read" | "write",
  tenant: string,
): Statement {
  const compiled = query.compile();
  const { kind } = compiled.query;
  const allowed = mode === "read" ? readKinds : writeKinds;
  const explains = "explain" in compiled.query && compiled.query.explain !== undefined;
  if (!allowed.has(kind) || explains || !firstWords.test(compiled.sql)) {
    throw errors.RUNTIME_STORE_STATEMENT({ tenant, statement: explains ? "ExplainNode" : kind });
  }
  const residue = knownResidue(compiled.query);
  return { text: compiled.sql, values: compiled.parameters, rows: "keep", residue };
}

export function isCompilable(value: unknown): value is Compilable<unknown> {
  return (
    typeof value === "object" && value !== null && "compile" in value && typeof value.compile === "function"
  );
}
