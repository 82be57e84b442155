import { parseAst } from "vitest/node";
import type { RepositoryFile } from "./repository-files.ts";

/** A node of the syntax tree in the form of ESTree, with the extensions for TypeScript. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/** Calls `see` with every node and its parents, the nearest last. */
export function visit(
  file: RepositoryFile,
  see: (node: SyntaxNode, parents: readonly SyntaxNode[]) => void,
): void {
  const parents: SyntaxNode[] = [];
  const walk = (value: unknown) => {
    if (Array.isArray(value)) {
      for (const element of value) walk(element);
    } else if (isNode(value)) {
      see(value, parents);
      parents.push(value);
      for (const [key, child] of Object.entries(value)) if (key !== "parent") walk(child);
      parents.pop();
    }
  };
  walk(parseAst(file.text, { lang: file.path.endsWith("x") ? "tsx" : "ts" }));
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** `a.b.c` for a chain of names, undefined for anything else. `a["b"]` is `a.b`. */
export function dottedName(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === "Identifier") return value["name"] as string;
  if (value.type !== "MemberExpression") return undefined;
  const object = dottedName(value["object"]);
  const property = value["property"];
  if (object === undefined || !isNode(property)) return undefined;
  if (property.type === "Literal") return `${object}.${String(property["value"])}`;
  return property.type === "Identifier" && value["computed"] !== true
    ? `${object}.${property["name"] as string}`
    : undefined;
}

export interface Import {
  readonly specifier: string;
  readonly offset: number;
}

/** Everything a file imports: static, re-exported, dynamic and in types. */
export function importsOf(file: RepositoryFile): readonly Import[] {
  const imports: Import[] = [];
  const importing = new Set([
    "ImportDeclaration",
    "ExportNamedDeclaration",
    "ExportAllDeclaration",
    "ImportExpression",
    "TSImportType",
  ]);
  visit(file, (node) => {
    if (!importing.has(node.type)) return;
    const source = node["source"];
    if (isNode(source) && source.type === "Literal" && typeof source["value"] === "string") {
      imports.push({ specifier: source["value"], offset: node.start });
    }
  });
  return imports;
}
