import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";

/** Options that mean something in AWS only must not be thought to do something here. */
export function requireEnvironmentFor(
  input: CommandInput,
  options: { readonly texts?: readonly string[]; readonly flags?: readonly string[] },
  usage: string,
): void {
  const { texts = [], flags = [] } = options;
  const isGiven =
    texts.some((name) => input.text(name) !== undefined) || flags.some((name) => input.flag(name));
  if (isGiven) throw errors.CLI_OPTION_MISSING({ option: "--environment", usage });
}
