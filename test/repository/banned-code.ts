import { isTest } from "./package-order.ts";
import { finding, type RepositoryFile } from "./repository-files.ts";
import { dottedName, type SyntaxNode, visit } from "./syntax-tree.ts";

/** Something that code here does not do, and what it does instead. */
interface Ban {
  readonly name: string;
  readonly instead: string;
  readonly appliesTo: (path: string) => boolean;
  readonly matches: (node: SyntaxNode, parents: readonly SyntaxNode[]) => boolean;
}

/** Where a ban does not hold, and why. The list may only shrink: an entry that nothing needs is a finding. */
export interface Exception {
  readonly path: string;
  readonly ban: string;
  readonly because: string;
}

const ships = (path: string) => /^(packages|apps|platforms)\//.test(path) && !isTest(path);
const library = (path: string) => path.startsWith("packages/") && !isTest(path);
const anywhere = () => true;
const tests = (path: string) => isTest(path);

const calls = (name: string) => (node: SyntaxNode) =>
  node.type === "CallExpression" && dottedName(node["callee"]) === name;
const mentions = (name: string) => (node: SyntaxNode) =>
  node.type === "MemberExpression" && dottedName(node) === name;

export const bans: readonly Ban[] = [
  {
    name: "Date.now",
    instead: "take a Clock",
    appliesTo: ships,
    matches: (node) => mentions("Date.now")(node) || mentions("performance.now")(node),
  },
  {
    name: "new Date()",
    instead: "take a Clock and pass its nowMs()",
    appliesTo: ships,
    matches: (node) =>
      (node.type === "NewExpression" || node.type === "CallExpression") &&
      dottedName(node["callee"]) === "Date" &&
      (node["arguments"] as readonly unknown[]).length === 0,
  },
  {
    name: "Math.random",
    instead: "take a Random; tests seed theirs",
    appliesTo: anywhere,
    matches: mentions("Math.random"),
  },
  {
    name: "process.env",
    instead: "take a value; programs read the environment, libraries do not",
    appliesTo: library,
    matches: mentions("process.env"),
  },
  {
    name: "process.exit",
    instead: "release resources and set process.exitCode",
    appliesTo: ships,
    matches: calls("process.exit"),
  },
  {
    name: "console",
    instead: "emit an event; only apps/cli writes",
    appliesTo: ships,
    matches: (node) => node.type === "MemberExpression" && dottedName(node)?.startsWith("console.") === true,
  },
  {
    name: "enum",
    instead: "a union of strings",
    appliesTo: anywhere,
    matches: (node) => node.type === "TSEnumDeclaration",
  },
  {
    name: "any",
    instead: "unknown, or the real type",
    appliesTo: anywhere,
    matches: (node) => node.type === "TSAnyKeyword",
  },
  {
    name: "default export",
    instead: "a named export",
    appliesTo: (path) => !path.endsWith(".config.ts"),
    matches: (node) => node.type === "ExportDefaultDeclaration",
  },
  {
    name: "test that does not run",
    instead: "run it, or delete it",
    appliesTo: tests,
    matches: (node) => {
      if (node.type === "Identifier")
        return /^(xit|xtest|xdescribe|fit|fdescribe)$/.test(node["name"] as string);
      const name = node.type === "MemberExpression" ? dottedName(node) : undefined;
      return (
        name !== undefined && /^(it|test|describe|bench|suite)\.(.*\.)?(only|skip|todo|fails)$/.test(name)
      );
    },
  },
];

/** What a file does that is banned, exceptions included; `used` collects those that were needed. */
export function checkBannedCode(
  file: RepositoryFile,
  exceptions: readonly Exception[] = [],
  used: Set<Exception> = new Set(),
): readonly string[] {
  const applying = bans.filter((ban) => ban.appliesTo(file.path));
  const findings: string[] = [];
  visit(file, (node, parents) => {
    for (const ban of applying) {
      if (!ban.matches(node, parents)) continue;
      const exception = exceptions.find(({ path, ban: name }) => path === file.path && name === ban.name);
      if (exception === undefined) findings.push(finding(file, node.start, `${ban.name}: ${ban.instead}`));
      else used.add(exception);
    }
  });
  return findings;
}

/** Notes to oneself that nobody would find again. */
export function checkNotes(file: RepositoryFile): readonly string[] {
  // The words that are looked for, not notes of this file.
  return [...file.text.matchAll(/\b(FIXME|XXX|HACK|TODO(?!\([^)\n]+\)))\b/g)].map((match) =>
    finding(file, match.index, `${match[0]}: do it, or write TODO(where it is planned)`),
  );
}
