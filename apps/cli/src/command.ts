import type { Terminal } from "./terminal.ts";

/** A command as data: help, parsing and completion are all made from it. */
export interface CommandSpec {
  /** The words that name it: ["tenant", "add"]. */
  readonly path: readonly [string, ...string[]];
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** What its own help says beyond the summary. */
  readonly description: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly ExampleSpec[];
  /** Runs it. Imports what it needs when called, so that help and completion load nothing. */
  readonly run: (input: CommandInput, terminal: Terminal) => Promise<void>;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  /** What a shell completes it with. */
  readonly completes: "folder" | "nothing" | readonly string[];
}

export interface OptionSpec {
  /** Without hyphens: "control-port". */
  readonly name: string;
  readonly summary: string;
  readonly value: OptionValue;
}

export type OptionValue =
  | { readonly kind: "flag" }
  | { readonly kind: "text"; readonly placeholder: string; readonly completes: "file" | "nothing" }
  /** May be given several times. */
  | { readonly kind: "texts"; readonly placeholder: string }
  | { readonly kind: "port"; readonly placeholder: string }
  | { readonly kind: "choice"; readonly placeholder: string; readonly choices: readonly string[] };

export interface ExampleSpec {
  readonly line: string;
  readonly does: string;
}

/** What the user typed, parsed. */
export interface CommandInput {
  /** The value of an argument, undefined where an optional one is absent. */
  readonly argument: (name: string) => string | undefined;
  /** Whether a flag was given. */
  readonly flag: (name: string) => boolean;
  /** The value of an option, undefined where it is absent. */
  readonly text: (name: string) => string | undefined;
  /** The values of an option that may be given several times, in their order. */
  readonly texts: (name: string) => readonly string[];
  /** The number of a port option, undefined where it is absent. */
  readonly port: (name: string) => number | undefined;
  readonly config: string | undefined;
}

/** The options that every command has. */
export const globalOptions: readonly OptionSpec[] = [
  {
    name: "config",
    summary: "the definition (default: the nearest tenantry.config.ts, then the platform that runs here)",
    value: { kind: "text", placeholder: "file", completes: "file" },
  },
  {
    name: "json",
    summary: "one JSON document on stdout; progress goes to stderr",
    value: { kind: "flag" },
  },
  { name: "no-color", summary: "no colours (also: NO_COLOR=1)", value: { kind: "flag" } },
];
