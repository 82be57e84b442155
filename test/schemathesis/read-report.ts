import { stripVTControlCharacters } from "node:util";

/** What one run of Schemathesis says. */
export interface Findings {
  readonly cases: number;
  /** Each with the operation, the check that failed, the answer, and the request to repeat it with. */
  readonly findings: readonly string[];
}

/**
 * Reads what Schemathesis prints. It ends with 0 where nothing was found and with 1 where something
 * was; a run that broke, or that says nothing of its cases, is a finding too.
 */
export function readReport(output: string, exitStatus: number | null): Findings {
  const text = stripVTControlCharacters(output);
  const cases = Number(/Test cases:\s+(\d+) generated/.exec(text)?.[1] ?? 0);
  const findings = [...sections(text, "ERRORS"), ...sections(text, "FAILURES")];
  if (cases === 0 || (exitStatus !== 0 && findings.length === 0)) {
    findings.push(`Schemathesis ended with ${String(exitStatus)} and said:\n${text.slice(-2_000)}`);
  }
  return { cases, findings };
}

/** The findings under a heading such as `=== FAILURES ===`, each with the operation that it is about. */
function sections(text: string, heading: string): string[] {
  const [, body = ""] = new RegExp(`\\n=+ ${heading} =+\\n([\\s\\S]*?)\\n=+ [A-Z]+ =+\\n`).exec(text) ?? [];
  return body
    .split(/\n?_{3,} (?=.* _{3,}\n)/)
    .filter((part) => part.trim() !== "")
    .flatMap((part) => {
      const [, operation = "", rest = part] = /^(.*?) _{3,}\n([\s\S]*)$/.exec(part) ?? [];
      return rest
        .split(/\n(?=\d+\. Test Case ID)/)
        .filter((one) => one.trim() !== "")
        .map((one) => `${operation}\n${one.trim()}`);
    });
}
