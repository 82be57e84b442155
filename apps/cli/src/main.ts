import { isCodedError } from "@tenantry/base";
import type { CommandInput, CommandSpec } from "./command.ts";
import { allCommands } from "./commands/all-commands.ts";
import { exitStatusOf } from "./exit-status.ts";
import { printError } from "./print-error.ts";
import { Answered, buildProgram } from "./program.ts";
import { version } from "./version.ts";
import { createTerminal, reserveStdout } from "./terminal.ts";

/**
 * Runs one command line, without the program's own name, and leaves the exit status in
 * `process.exitCode`: 0 done, 1 the operation failed, 2 the request was wrong.
 *
 * @returns whether the process ends by itself, or has to leave what still runs
 */
export async function main(argv: readonly string[]): Promise<"end" | "leave"> {
  // Errors of the command line itself are reported as JSON too, so these are read before parsing.
  const options = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const terminal = createTerminal(reserveStdout(), {
    json: options.includes("--json"),
    noColor: options.includes("--no-color"),
    env: process.env,
  });
  const run = (spec: CommandSpec, input: CommandInput) => spec.run(input, terminal);
  try {
    const program = buildProgram(allCommands, {
      version: version(),
      out: (text) => terminal.out(text.replace(/\n+$/, "")),
      colours: terminal.colours,
      run,
    });
    // Without a command the help is the answer, not a mistake.
    await program.parseAsync(argv.length === 0 ? ["--help"] : [...argv], { from: "user" });
    return "end";
  } catch (error) {
    if (error instanceof Answered) return "end";
    printError(error, terminal, { env: process.env });
    process.exitCode = exitStatusOf(error);
    // Whoever forces does not wait for what is still stopping.
    return isCodedError(error) && error.code === "CLI_FORCED" ? "leave" : "end";
  }
}
