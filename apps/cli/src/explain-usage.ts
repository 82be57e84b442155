import type { CodedError } from "@tenantry/base";
import { nearestNames } from "@tenantry/toolkit/nearest-names";
import type { Command, CommanderError } from "commander";
import { errors } from "./errors.ts";
import { usageOf, wordsOf } from "./command-words.ts";

/** A word that names no command below `parent`. */
export function unknownCommand(word: string, parent: Command): CodedError {
  const line = (...words: readonly string[]) =>
    ["tenantry", wordsOf(parent), ...words].filter((part) => part !== "").join(" ");
  const names = parent.commands.map((child) => child.name());
  const nearest = nearestNames(word, names)[0];
  return errors.CLI_COMMAND_UNKNOWN({
    command: line(word),
    nearest: nearest === undefined ? undefined : line(nearest),
    help: line("--help"),
  });
}

/** Turns what commander found wrong with a command line into a coded error of ours. */
export function explainUsage(error: CommanderError, command: Command): CodedError {
  const line = `tenantry ${usageOf(command)}`.trim();
  const help = `tenantry ${wordsOf(command)} --help`.replaceAll("  ", " ");
  const quoted = /'(.*?)'/.exec(error.message)?.[1] ?? "";
  const nearest = /\(Did you mean (?:one of )?(.*?)\?\)/
    .exec(error.message)?.[1]
    ?.replace(/, (?=[^,]*$)/, " or ");
  switch (error.code) {
    case "commander.unknownCommand":
      return unknownCommand(quoted, command);
    case "commander.unknownOption":
      return errors.CLI_OPTION_UNKNOWN({ option: quoted, nearest, help });
    case "commander.optionMissingArgument":
      return errors.CLI_OPTION_WITHOUT_VALUE({ option: quoted, help });
    case "commander.missingArgument":
      return errors.CLI_ARGUMENT_MISSING({ argument: quoted, usage: line });
    case "commander.excessArguments":
      return errors.CLI_ARGUMENT_EXCESS({
        argument: command.args[command.registeredArguments.length] ?? "",
        usage: line,
      });
    case "commander.help":
      // A word that only groups commands, without one of them.
      return errors.CLI_COMMAND_INCOMPLETE({
        command: `tenantry ${wordsOf(command)}`.trim(),
        next: command.commands.map((child) => child.name()),
      });
    default:
      return errors.CLI_BUG({ detail: `${error.code}: ${error.message}` }, error);
  }
}
