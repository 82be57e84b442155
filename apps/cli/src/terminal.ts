import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/**
 * Where a command writes. The result goes to stdout, progress and errors to stderr, so that a
 * pipe sees results only.
 */
export interface Terminal {
  /** Whether the result is one JSON document. */
  readonly json: boolean;
  /** Whether a person watches stdout, and stderr, live. */
  readonly isLive: boolean;
  /** Whether a question can be asked. */
  readonly isAsking: boolean;
  /** Columns of the window; 80 where there is none. */
  readonly width: number;
  /** Whether stdout is coloured. */
  readonly colours: boolean;
  /** Colours text for stdout, or leaves it unchanged where colours are not wanted. */
  readonly paint: (style: Style, text: string) => string;
  /** The same for stderr. */
  readonly paintError: (style: Style, text: string) => string;
  /** Writes a line of the result. */
  readonly out: (line: string) => void;
  /** Writes the result as a JSON document. */
  readonly document: (value: unknown) => void;
  /** Writes a line of progress. */
  readonly progress: (line: string) => void;
  /** Writes raw text, escape sequences included, to stderr. */
  readonly raw: (text: string) => void;
  /** Asks on the terminal; true only for y or yes. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Resolves when whoever read stdout has gone (`| head`): nobody sees any further result. */
  readonly readerGone: Promise<void>;
}

export interface TerminalOptions {
  readonly json: boolean;
  /** The value of --no-color. */
  readonly noColor: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The real stdout; whatever else writes to it (a `console.log` in a definition) goes to stderr. */
interface ReservedStdout {
  readonly write: (text: string) => void;
  readonly readerGone: Promise<void>;
}

/**
 * Takes stdout for results. A definition is a program of the user's and may print; its output
 * must not end up in a JSON document or in a token that a script reads.
 */
export function reserveStdout(): ReservedStdout {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  const gone = Promise.withResolvers<void>();
  let isGone = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    isGone = true;
    gone.resolve();
  });
  // Nobody reads stderr either once its pipe is closed; that is no reason to stop.
  process.stderr.on("error", () => undefined);
  return { write: (text) => void (isGone || write(text)), readerGone: gone.promise };
}

export function createTerminal(stdout: ReservedStdout, { json, noColor, env }: TerminalOptions): Terminal {
  const isLive = process.stdout.isTTY === true && process.stderr.isTTY === true && env["TERM"] !== "dumb";
  const colours = wantsColours(process.stdout, noColor, env);
  const coloursOnError = wantsColours(process.stderr, noColor, env);
  return Object.freeze<Terminal>({
    json,
    isLive,
    isAsking: process.stdin.isTTY === true && process.stderr.isTTY === true,
    width: process.stderr.columns ?? 80,
    colours,
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    paintError: (style, text) => (coloursOnError ? styleText(style, text, { validateStream: false }) : text),
    out: (line) => stdout.write(`${line}\n`),
    document: (value) => stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
    progress: (line) => void process.stderr.write(`${line}\n`),
    raw: (text) => void process.stderr.write(text),
    confirm,
    readerGone: stdout.readerGone,
  });
}

/** https://no-color.org: any value of NO_COLOR but the empty one; FORCE_COLOR wins over a pipe. */
function wantsColours(stream: NodeJS.WriteStream, noColor: boolean, env: TerminalOptions["env"]): boolean {
  if (noColor || (env["NO_COLOR"] ?? "") !== "") return false;
  if ((env["FORCE_COLOR"] ?? "") !== "") return env["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } catch {
    return false;
  } finally {
    reader.close();
  }
}
