import type { CommandSpec, OptionSpec } from "../command.ts";
import { type CompletionNode, completionNodes } from "./words.ts";

/** A script for zsh's completion system, to be put into a folder of `fpath` as `_tenantry`. */
export function zshCompletion(specs: readonly CommandSpec[]): string {
  const nodes = completionNodes(specs);
  return `#compdef tenantry
# zsh completion of tenantry; made by \`tenantry completion zsh\`

${nodes.map(nodeFunction).join("\n\n")}

if [ "$funcstack[1]" = "_tenantry" ]; then
  _tenantry "$@"
else
  compdef _tenantry tenantry
fi
`;
}

function nodeFunction(node: CompletionNode): string {
  const lines = node.options.map((option) => `    ${quote(optionLine(option))} \\`);
  return `${functionName(node.path)}() {\n${node.next.length > 0 ? group(node, lines) : leaf(node, lines)}\n}`;
}

function group({ path, next }: CompletionNode, lines: readonly string[]): string {
  return `  local -a commands
  commands=(
${next.map(({ word, summary }) => `    ${quote(`${word}:${summary.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  local curcontext="$curcontext" state line
  _arguments -C \\
${lines.join("\n")}
    '1: :->word' \\
    '*:: :->rest'
  case "$state" in
    word) _describe 'command' commands ;;
    rest)
      case "$line[1]" in
${next.map(({ word }) => `        ${word}) ${functionName([...path, word])} ;;`).join("\n")}
      esac
      ;;
  esac`;
}

function leaf({ argument }: CompletionNode, lines: readonly string[]): string {
  const last =
    argument === "folder" ? "'1:folder:_files -/'" : argument === "nothing" ? "'*: :'" : choice(argument);
  return `  _arguments \\\n${lines.join("\n")}\n    ${last}`;
}

function choice(words: readonly string[]): string {
  return quote(`1: :(${words.join(" ")})`);
}

function optionLine({ name, summary, value }: OptionSpec): string {
  const text = summary.replaceAll(/[[\]:]/g, "\\$&");
  if (value.kind === "flag") return `--${name}[${text}]`;
  if (value.kind === "choice") return `--${name}[${text}]:${value.placeholder}:(${value.choices.join(" ")})`;
  const action = value.kind === "text" && value.completes === "file" ? "_files" : "";
  return `--${name}[${text}]:${value.placeholder}:${action}`;
}

function functionName(path: readonly string[]): string {
  return ["_tenantry", ...path].join("_");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
