import type { Command } from "commander";

/** The words that name a command below the program: `tenant add`; nothing for the program. */
export function wordsOf(command: Command): string {
  const words: string[] = [];
  for (let at = command; at.parent !== null; at = at.parent) words.unshift(at.name());
  return words.join(" ");
}

/** The words and the arguments: `tenant add <tenant>`. */
export function usageOf(command: Command): string {
  const inside = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [wordsOf(command), ...inside].join(" ");
}
