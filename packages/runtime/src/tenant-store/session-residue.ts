import type { OperationNode, OperationNodeKind } from "kysely";

/**
 * What of a session a statement may have changed beyond its transaction: settings, roles, advisory locks,
 * sequence values. Each of them takes a function call (`set_config`, `pg_advisory_lock`, `nextval`) or a
 * statement that does not pass the store.
 */
export type SessionResidue = "none" | "possible";

/** Nodes that become a name, a parameter, an operator that the builder knows or a keyword, and never a function call. */
const callsNothing: ReadonlySet<OperationNodeKind> = new Set<OperationNodeKind>([
  "SelectQueryNode",
  "InsertQueryNode",
  "UpdateQueryNode",
  "DeleteQueryNode",
  "FromNode",
  "TableNode",
  "SchemableIdentifierNode",
  "IdentifierNode",
  "AliasNode",
  "SelectionNode",
  "SelectAllNode",
  "ReferenceNode",
  "ColumnNode",
  "WhereNode",
  "AndNode",
  "OrNode",
  "ParensNode",
  "BinaryOperationNode",
  "OperatorNode",
  "ValueNode",
  "ValueListNode",
  "PrimitiveValueListNode",
  "ValuesNode",
  "DefaultInsertValueNode",
  "ColumnUpdateNode",
  "ReturningNode",
  "OrderByNode",
  "OrderByItemNode",
  "LimitNode",
  "OffsetNode",
]);

/**
 * Judges a query by what it is made of. Text that was written as SQL is one node of its own kind, so a
 * query without such a node has no text in it that anybody could have injected.
 */
export function residueOf(query: OperationNode): SessionResidue {
  return callsNothing.has(query.kind) && Object.values(query).every(isHarmless) ? "none" : "possible";
}

function isHarmless(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return true;
  if (Array.isArray(part)) return part.every(isHarmless);
  return !("kind" in part) || residueOf(part as OperationNode) === "none";
}
