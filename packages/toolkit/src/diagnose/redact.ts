import { stripVTControlCharacters } from "node:util";

const lineMax = 300;
const mark = "[redacted]";

/** What lets somebody in, as it can stand in a log. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'`/@]*@/gi, `$1${mark}@`],
  [/\b(bearer|basic)\s+[^\s"'`,;]+/gi, `$1 ${mark}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, mark],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mark],
  [
    /((?:password|passwd|pwd|secret|token|api[-_ ]?key|access[-_ ]?key|authorization|cookie)[\w-]*\\?["'`]?\s*[:=]\s*\\?["'`]?)[^\s"'`,;&}\\]+/gi,
    `$1${mark}`,
  ],
];

/** A line of a log that can be shown to anybody: short, without control characters and without secrets. */
export function redact(line: string): string {
  // A secret that begins before the end is cut with it, so the whole line is searched, within reason.
  let text = stripVTControlCharacters(line.slice(0, lineMax * 20))
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim();
  for (const [pattern, replacement] of secrets) text = text.replaceAll(pattern, replacement);
  return text.length > lineMax ? `${text.slice(0, lineMax)} …` : text;
}
