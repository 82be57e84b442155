import { readFileSync } from "node:fs";
import type { CodedError } from "@tenantry/base";
import { scrub } from "@tenantry/runtime";
import { errors } from "../errors.ts";
import { type VariableName, variables } from "./variables.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What stands in a variable, and where it came from. */
interface Given {
  readonly text: string;
  /** The variable that a mistake is about: that of the file where there is one. */
  readonly variable: string;
  /** The file that it was read from. */
  readonly path: string | null;
}

/** A parser's way to say that a text is not what it should be. */
export class Unfit extends Error {
  /** What the variable holds, without the value of a secret. */
  readonly found: string | undefined;

  constructor(expected: string, found?: string) {
    super(expected);
    this.found = found;
  }
}

const fileBytesMax = 1_048_576;
const shownMax = 120;

/** Reads variables and keeps every mistake, so that all of them are told at once. */
export class VariableReader {
  readonly mistakes: CodedError[] = [];
  readonly #env: Environment;
  readonly #cache = new Map<VariableName, Given | null>();

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The parsed value, its standard, or undefined where there is none or it is wrong. */
  optional<Value>(name: VariableName, parse: (text: string) => Value): Value | undefined {
    const given = this.#given(name);
    if (given === null) return undefined;
    try {
      return parse(given.text);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      this.#refuse(name, given, error);
      return undefined;
    }
  }

  required<Value>(name: VariableName, parse: (text: string) => Value): Value | undefined {
    if (!this.isSet(name)) this.miss(name);
    return this.optional(name, parse);
  }

  /** Whether it has a value, also one that is wrong. */
  isSet(name: VariableName): boolean {
    return this.#given(name) !== null || this.#isPresent(`${name}_FILE`);
  }

  /** The file that the value came from. */
  fileOf(name: VariableName): string | null {
    return this.#given(name)?.path ?? null;
  }

  miss(name: VariableName): void {
    const { what, file } = variables[name];
    const expected = file === true ? `${what}, or ${name}_FILE to a file that holds it` : what;
    this.mistakes.push(errors.SERVER_VARIABLE_MISSING({ variable: name, expected }));
  }

  conflict(...names: readonly string[]): void {
    this.mistakes.push(errors.SERVER_VARIABLES_CONFLICT({ variables: names }));
  }

  /** Says that the value is wrong, of one that only a later look could judge. */
  refuse(name: VariableName, expected: string, found: string): void {
    const given = this.#given(name);
    if (given !== null) this.#refuse(name, given, new Unfit(expected, found));
  }

  #refuse(name: VariableName, given: Given, { message: expected, found }: Unfit): void {
    const secret = variables[name].secret === true;
    const shown = given.text.length > shownMax ? `${given.text.slice(0, shownMax)}…` : given.text;
    const what = found ?? (secret ? "something else" : JSON.stringify(scrub(shown)));
    const where = given.path === null ? "" : ` in ${given.path}`;
    this.mistakes.push(
      errors.SERVER_VARIABLE_INVALID({ variable: given.variable, found: `${what}${where}`, expected }),
    );
  }

  #given(name: VariableName): Given | null {
    const known = this.#cache.get(name);
    if (known !== undefined) return known;
    const given = this.#read(name);
    this.#cache.set(name, given);
    return given;
  }

  #read(name: VariableName): Given | null {
    const { standard, file } = variables[name];
    const text = this.#isPresent(name) ? this.#env[name] : standard;
    const fileVariable = `${name}_FILE`;
    if (file !== true || !this.#isPresent(fileVariable))
      return text === undefined ? null : { text, variable: name, path: null };
    if (this.#isPresent(name)) {
      this.conflict(name, fileVariable);
      return null;
    }
    const path = this.#env[fileVariable] ?? "";
    const content = this.readFile(fileVariable, path, fileBytesMax);
    // An editor ends a file with a line end, and a secret does not.
    return content === null ? null : { text: content.replace(/\r?\n$/, ""), variable: fileVariable, path };
  }

  /** The text of a file; null where it cannot be read, which is a mistake of the variable that names it. */
  readFile(variable: string, path: string, bytesMax: number): string | null {
    try {
      const content = readFileSync(path);
      if (content.length <= bytesMax) return content.toString("utf8");
      const reason = `it has ${content.length} bytes, at most ${bytesMax} are read`;
      this.mistakes.push(errors.SERVER_FILE_UNREADABLE({ variable, path, reason }));
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
      this.mistakes.push(errors.SERVER_FILE_UNREADABLE({ variable, path, reason }, cause));
    }
    return null;
  }

  #isPresent(variable: string): boolean {
    return (this.#env[variable] ?? "") !== "";
  }
}
