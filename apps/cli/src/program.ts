import { Command, type CommanderError, Option } from "commander";
import { type CommandInput, type CommandSpec, globalOptions, type OptionSpec } from "./command.ts";
import { errors } from "./errors.ts";
import { usageOf } from "./command-words.ts";
import { explainUsage, unknownCommand } from "./explain-usage.ts";

export interface ProgramOptions {
  readonly version: string;
  /** Receives help and version text. */
  readonly out: (text: string) => void;
  readonly colours: boolean;
  readonly run: (spec: CommandSpec, input: CommandInput) => Promise<void>;
}

/** What a word that only groups commands is for. */
export const groups: Readonly<Record<string, string>> = {
  tenant: "the tenants of the platform that runs here",
  operation: "what is done to tenants",
  member: "the members of a tenant",
  key: "the API keys of a tenant",
  "signing-key": "the keys that sign tokens",
};

const introduction = `Tenantry runs a multi-tenant SaaS platform from one TypeScript file.

Start here: tenantry init, then tenantry up.`;

/** Thrown when help or the version was asked for and written; nothing is left to do. */
export class Answered extends Error {
  override readonly name = "Answered";
}

/** The parser and the help of all commands. */
export function buildProgram(specs: readonly CommandSpec[], options: ProgramOptions): Command {
  const program = new Command("tenantry")
    .description(introduction)
    .version(options.version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: 110,
      styleTitle: (title) => `\u001b[1m${title}\u001b[22m`,
      // The list shows what can be run: the verbs of a group, not the group.
      visibleCommands: (command) =>
        command.commands.flatMap((child) => (child.commands.length > 0 ? child.commands : [child])),
      subcommandTerm: usageOf,
    })
    .configureOutput({
      writeOut: options.out,
      writeErr: () => undefined,
      getOutHasColors: () => options.colours,
      getOutHelpWidth: () => 110,
    });
  throwErrors(program);
  for (const option of globalOptions) program.addOption(commanderOption(option));
  for (const spec of specs) addCommand(program, spec, options);
  addHelpCommand(program);
  program.addHelpText("after", `\nExit status: 0 done; 1 the operation failed; 2 the request was wrong.`);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, options: ProgramOptions): void {
  const parent = spec.path.slice(0, -1).reduce(group, program);
  const command = parent
    .command(spec.path.at(-1) ?? "")
    .summary(spec.summary)
    .description(spec.description)
    .helpOption("--help", "print this help");
  throwErrors(command);
  for (const { name, summary, required } of spec.arguments) {
    command.argument(required ? `<${name}>` : `[${name}]`, summary);
  }
  for (const option of spec.options) command.addOption(commanderOption(option));
  const examples = exampleLines(spec);
  command.addHelpText("after", ({ command: shown }) => {
    const title = shown.createHelp().styleTitle("Examples:");
    return `\n${options.colours ? title : "Examples:"}\n${examples.join("\n")}`;
  });
  command.action(() => options.run(spec, inputOf(command, spec)));
}

/** Beyond this a line stands alone, and what it does stands below. */
const exampleColumnsMax = 60;

function exampleLines({ examples }: CommandSpec): readonly string[] {
  const short = examples.map(({ line }) => line.length).filter((length) => length <= exampleColumnsMax);
  const width = Math.max(0, ...short);
  return examples.map(({ line, does }) =>
    line.length <= exampleColumnsMax ? `  ${line.padEnd(width)}  ${does}` : `  ${line}\n      ${does}`,
  );
}

function group(parent: Command, name: string): Command {
  const existing = parent.commands.find((command) => command.name() === name);
  if (existing !== undefined) return existing;
  const command = parent
    .command(name)
    .description(`Works on ${groups[name] ?? name}.`)
    .helpOption("--help", "print this help")
    .helpCommand(false);
  throwErrors(command);
  return command;
}

/** Of commander's own, the second word of `help tenant add` would be lost. */
function addHelpCommand(program: Command): void {
  const help = program
    .command("help")
    .argument("[command...]", "its words, such as tenant add")
    .description("print the help of a command")
    .helpOption("--help", "print this help")
    .action((words: readonly string[]) => {
      let explained = program;
      for (const word of words) {
        const child = explained.commands.find((command) => command.name() === word);
        if (child === undefined) throw unknownCommand(word, explained);
        explained = child;
      }
      explained.outputHelp();
    });
  throwErrors(help);
}

/** Errors are thrown as coded errors; commander's own text is never shown. */
function throwErrors(command: Command): void {
  command.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0) throw new Answered();
    throw explainUsage(error, command);
  });
}

function commanderOption({ name, summary, value }: OptionSpec): Option {
  if (value.kind === "flag") return new Option(`--${name}`, summary);
  const option = new Option(`--${name} <${value.placeholder}>`, summary);
  if (value.kind === "port") return option.argParser((text) => port(name, text));
  if (value.kind === "texts")
    return option.argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text]);
  if (value.kind === "choice") return option.argParser((text) => choice(name, value.choices, text));
  return option;
}

function port(name: string, text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (number < 0 || number > 65_535) {
    throw errors.CLI_OPTION_VALUE({
      option: `--${name}`,
      value: text,
      expected: "a port from 1 to 65535, or 0 for any that is free",
    });
  }
  return number;
}

function choice(name: string, choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  throw errors.CLI_OPTION_VALUE({
    option: `--${name}`,
    value: text,
    expected: `one of: ${choices.join(", ")}`,
  });
}

function inputOf(command: Command, spec: CommandSpec): CommandInput {
  const values = command.optsWithGlobals<Record<string, unknown>>();
  const value = (name: string) =>
    values[name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  const text = (name: string) => value(name) as string | undefined;
  return {
    argument: (name) => command.args[spec.arguments.findIndex((argument) => argument.name === name)],
    flag: (name) => value(name) === true,
    text,
    texts: (name) => (value(name) as readonly string[] | undefined) ?? [],
    port: (name) => value(name) as number | undefined,
    config: text("config"),
  };
}
