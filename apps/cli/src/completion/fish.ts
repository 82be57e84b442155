import type { CommandSpec, OptionSpec } from "../command.ts";
import { type CompletionNode, completionNodes } from "./words.ts";

/** A script for fish, to be put into its completions folder as tenantry.fish. */
export function fishCompletion(specs: readonly CommandSpec[]): string {
  const nodes = completionNodes(specs);
  const lines = nodes.flatMap((node) => [
    ...node.next.map(({ word, summary }) => line(node, `-a ${word} -d ${quote(summary)}`, nodes)),
    ...argumentLines(node, nodes),
    ...node.options.map((option) => line(node, optionWords(option), nodes)),
  ]);
  return `# fish completion of tenantry; made by \`tenantry completion fish\`
complete -c tenantry -f
${lines.join("\n")}
`;
}

function argumentLines(node: CompletionNode, nodes: readonly CompletionNode[]): readonly string[] {
  if (node.argument === "nothing") return [];
  if (node.argument === "folder") return [line(node, "-a '(__fish_complete_directories)'", nodes)];
  return [line(node, `-a ${quote(node.argument.join(" "))}`, nodes)];
}

function line(node: CompletionNode, words: string, nodes: readonly CompletionNode[]): string {
  return `complete -c tenantry -n ${quote(condition(node, nodes))} ${words}`;
}

/** True when the words of the line so far are those of this node and of none below it. */
function condition({ path }: CompletionNode, nodes: readonly CompletionNode[]): string {
  if (path.length === 0) return "__fish_use_subcommand";
  const below = nodes.filter(
    (other) => other.path.length === path.length + 1 && path.every((word, at) => other.path[at] === word),
  );
  const inside = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const outside =
    below.length === 0
      ? []
      : [`not __fish_seen_subcommand_from ${below.map(({ path: at }) => at.at(-1)).join(" ")}`];
  return [...inside, ...outside].join("; and ");
}

function optionWords({ name, summary, value }: OptionSpec): string {
  const words = `-l ${name} -d ${quote(summary)}`;
  if (value.kind === "flag") return words;
  if (value.kind === "choice") return `${words} -x -a ${quote(value.choices.join(" "))}`;
  return value.kind === "text" && value.completes === "file" ? `${words} -r -F` : `${words} -x`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
