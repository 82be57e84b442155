import type { CommandSpec, OptionSpec } from "../command.ts";
import { type CompletionNode, completionNodes } from "./words.ts";

/** A script for bash 3.2 and later: it uses no feature that the bash of macOS lacks. */
export function bashCompletion(specs: readonly CommandSpec[]): string {
  const nodes = completionNodes(specs);
  return `# bash completion of tenantry; made by \`tenantry completion bash\`
_tenantry() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" at="" argument=0 index word
  COMPREPLY=()
  # Where the line is: the words that name a command, without options and their values.
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$word" in
      ${valueOptions(nodes)}) index=$((index + 1)) ;;
      -*) ;;
      *)
        case "$at/$word" in
          ${nodes
            .filter(({ path }) => path.length > 0)
            .map(({ path }) => `/${path.join("/")}`)
            .join(" | ")}) at="$at/$word" ;;
          *) argument=$((argument + 1)) ;;
        esac
        ;;
    esac
  done
  case "$previous" in
${optionValueCases(nodes)}
  esac
  local options="" words=""
  case "$at" in
${nodes.map(nodeCase).join("\n")}
  esac
  case "$current" in
    -*) words="$options" ;;
    *)
      if [ "$words" = ":folder" ]; then
        [ "$argument" -eq 0 ] && COMPREPLY=($(compgen -d -- "$current"))
        return
      fi
      [ "$argument" -gt 0 ] && words=""
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _tenantry tenantry
`;
}

function allOptions(nodes: readonly CompletionNode[]): readonly OptionSpec[] {
  const byName = new Map(nodes.flatMap(({ options }) => options).map((option) => [option.name, option]));
  return [...byName.values()];
}

function valueOptions(nodes: readonly CompletionNode[]): string {
  return allOptions(nodes)
    .filter(({ value }) => value.kind !== "flag")
    .map(({ name }) => `--${name}`)
    .join(" | ");
}

/** What completes the value of an option: its choices, files, or nothing. */
function optionValueCases(nodes: readonly CompletionNode[]): string {
  const cases = allOptions(nodes).flatMap(({ name, value }) => {
    if (value.kind === "flag") return [];
    if (value.kind === "choice") {
      return [
        `    --${name}) COMPREPLY=($(compgen -W "${value.choices.join(" ")}" -- "$current")); return ;;`,
      ];
    }
    if (value.kind === "text" && value.completes === "file") {
      return [`    --${name}) COMPREPLY=($(compgen -f -- "$current")); return ;;`];
    }
    return [`    --${name}) return ;;`];
  });
  return cases.join("\n");
}

function nodeCase({ path, next, argument, options }: CompletionNode): string {
  const at = path.length === 0 ? '""' : `/${path.join("/")}`;
  const follow = next.length > 0 ? next.map(({ word }) => word).join(" ") : wordsOf(argument);
  return `    ${at}) words="${follow}" options="${options.map(({ name }) => `--${name}`).join(" ")}" ;;`;
}

function wordsOf(argument: CompletionNode["argument"]): string {
  if (argument === "nothing") return "";
  return argument === "folder" ? ":folder" : argument.join(" ");
}
