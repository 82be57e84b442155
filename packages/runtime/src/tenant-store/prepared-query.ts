import { assert } from "@tenantry/base";
import type { Compilable, CompiledQuery, OperationNode } from "kysely";
import { residueOf, type SessionResidue } from "./session-residue.ts";
import type { ReadQueries } from "./tenant-store.ts";

/** Stands for a value in a query that is built once. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query that is built and compiled once for each place of tenants, and then only given its values. For
 * what is asked so often that building it would cost as much as asking.
 *
 * `build` gets placeholders that look like the values and are none: it may put them where values go,
 * each on its own, and nothing may depend on what they are. A query with another text is another query. What
 * comes out is a query like any other, which the store holds to the same rules.
 *
 * @example
 * const noteById = preparedQuery((db: ReadQueries, note: { readonly id: string }) =>
 *   db.selectFrom("documents").selectAll().where("id", "=", note.id));
 * store.read(tenant, (db) => noteById(db, { id }));
 */
export function preparedQuery<Queries extends ReadQueries, Values extends object, Row>(
  build: (db: Queries, values: Values) => Compilable<Row>,
): (db: Queries, values: Values) => Compilable<Row> {
  // A place's builder lives as long as the place is remembered, and what was compiled as long as the builder.
  const compiledBy = new WeakMap<Queries, CompiledQuery<Row>>();
  return (db, values) => ({
    compile() {
      let compiled = compiledBy.get(db);
      if (compiled === undefined) {
        compiled = build(db, placeholders as Values).compile();
        compiledBy.set(db, compiled);
        residues.set(compiled.query, residueOf(compiled.query));
      }
      return { ...compiled, parameters: compiled.parameters.map((parameter) => bound(parameter, values)) };
    },
  });
}

/** Kept for what is compiled once, because judging a query costs as much as building it. */
const residues = new WeakMap<OperationNode, SessionResidue>();

/** What the session may keep of the query; of one that is not prepared it is not known to be nothing. */
export function knownResidue(query: OperationNode): SessionResidue {
  return residues.get(query) ?? "possible";
}

function bound(parameter: unknown, values: object): unknown {
  if (!(parameter instanceof Placeholder)) return parameter;
  const value = (values as Readonly<Record<string, unknown>>)[parameter.name];
  assert(value !== undefined, `a prepared query was given no ${parameter.name}`);
  return value;
}

/** One for each name that is asked for. */
const placeholders: object = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) });
