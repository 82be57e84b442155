import { type CommandSpec, globalOptions, type OptionSpec } from "../command.ts";
import { groups } from "../program.ts";

/** What can follow what has been typed: the input of the three generators. */
export interface CompletionNode {
  /** The words that lead here: [] or ["tenant"] or ["tenant", "add"]. */
  readonly path: readonly string[];
  /** The verbs that may follow; none for a command that is complete. */
  readonly next: readonly { readonly word: string; readonly summary: string }[];
  /** What its first argument may be: words, folders, or nothing that a shell could know. */
  readonly argument: "folder" | "nothing" | readonly string[];
  readonly options: readonly OptionSpec[];
}

const help: OptionSpec = { name: "help", summary: "print help", value: { kind: "flag" } };
const version: OptionSpec = { name: "version", summary: "print the version", value: { kind: "flag" } };

/** All places that a command line can be at, the root first. */
export function completionNodes(specs: readonly CommandSpec[]): readonly CompletionNode[] {
  const topLevel = new Map<string, string>();
  for (const { path, summary } of specs) {
    const word = path[0];
    topLevel.set(word, path.length === 1 ? summary : (groups[word] ?? ""));
  }
  const root: CompletionNode = {
    path: [],
    next: [...topLevel].map(([word, summary]) => ({ word, summary })),
    argument: "nothing",
    options: [...globalOptions, help, version],
  };
  const grouped = [...new Set(specs.filter(({ path }) => path.length > 1).map(({ path }) => path[0]))];
  return [
    root,
    ...grouped.map((name) => ({
      path: [name],
      next: specs
        .filter(({ path }) => path[0] === name)
        .map(({ path, summary }) => ({ word: path[1] ?? "", summary })),
      argument: "nothing" as const,
      options: [...globalOptions, help],
    })),
    ...specs.map((spec) => ({
      path: spec.path,
      next: [],
      argument: spec.arguments[0]?.completes ?? ("nothing" as const),
      options: [...spec.options, ...globalOptions, help],
    })),
  ];
}
