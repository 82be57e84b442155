import { type CodedError, isCodedError } from "@tenantry/base";
import { asTyped } from "./as-typed.ts";
import { errors } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/** One of the mistakes that a definition's error collects. */
interface Problem {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** Says what failed and what to change, on stderr, or as a JSON document on stdout. */
export function printError(
  failure: unknown,
  terminal: Terminal,
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
): void {
  const error = isCodedError(failure) ? failure : bug(failure);
  const fixed = asTyped(error.fix, env);
  const problems = problemsOf(error);
  const location = typeof error.params["location"] === "string" ? error.params["location"] : undefined;
  // An error that collects problems repeats them in its message, for logs; here they are listed.
  const summary = problems.length === 0 ? error.message : firstLine(error.message);
  if (terminal.json) {
    terminal.document({
      error: {
        code: error.code,
        message: summary,
        fix: fixed,
        ...(location === undefined ? {} : { location }),
        ...(problems.length === 0 ? {} : { problems }),
      },
    });
  } else {
    const { paintError: paint } = terminal;
    const fix = paint("cyan", "fix:");
    terminal.progress(`${paint("red", "error")} ${paint("bold", error.code)}: ${summary}`);
    if (location !== undefined) terminal.progress(`  at ${location}`);
    for (const problem of problems) {
      terminal.progress(`  ${problem.message}  ${paint("dim", problem.code)}`);
      terminal.progress(`    ${fix} ${problem.fix}`);
    }
    // The fix of a collection is the fix of its first mistake, which stands above.
    if (problems.length === 0) terminal.progress(`  ${fix} ${fixed}`);
  }
  if (env["TENANTRY_DEBUG"] === "1") printStack(failure, terminal);
}

function bug(failure: unknown): CodedError {
  const detail = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  return errors.CLI_BUG({ detail: firstLine(detail) }, failure);
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}

function problemsOf(error: CodedError): readonly Problem[] {
  const problems = error.params["problems"];
  return Array.isArray(problems) ? (problems as readonly Problem[]) : [];
}

/** The stack, and those of the causes below it. */
function printStack(failure: unknown, terminal: Terminal): void {
  for (let at = failure; at instanceof Error; at = at.cause) {
    terminal.progress(at.stack ?? String(at));
  }
}
