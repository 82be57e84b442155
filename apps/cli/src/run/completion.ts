import type { CommandInput } from "../command.ts";
import { allCommands } from "../commands/all-commands.ts";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";

const generators: Readonly<Record<string, typeof bashCompletion>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the script; with --json as `{ shell, script }`. */
export async function runCompletion(input: CommandInput, terminal: Terminal): Promise<void> {
  const shell = input.argument("shell") ?? "";
  const generate = Object.hasOwn(generators, shell) ? generators[shell] : undefined;
  if (generate === undefined) {
    const expected = `one of: ${Object.keys(generators).join(", ")}`;
    throw errors.CLI_OPTION_VALUE({ option: "<shell>", value: shell, expected });
  }
  const script = generate(allCommands);
  if (terminal.json) terminal.document({ shell, script });
  else terminal.out(script.trimEnd());
}
