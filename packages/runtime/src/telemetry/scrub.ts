/**
 * Takes out of a text what lets somebody in: for messages of errors that nobody expected, which may quote anything.
 * It is the second line of defence; the first is that bodies, queries and headers are never logged.
 */
export function scrub(text: string): string {
  let scrubbed = text.length > charactersMax ? `${text.slice(0, charactersMax)} …` : text;
  for (const [pattern, replacement] of secrets) scrubbed = scrubbed.replaceAll(pattern, replacement);
  return scrubbed;
}

const charactersMax = 8_000;
const mark = "[redacted]";

const secrets: readonly (readonly [RegExp, string])[] = [
  // The password of a URL, which may itself hold anything but a space or a quote.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'`/@]*@/gi, `$1${mark}@`],
  [/\b(bearer|basic)\s+[^\s"'`,;]+/gi, `$1 ${mark}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, mark],
  // Our own keys and tokens say by a prefix what they are.
  [/\b(?:tk|ti|tr|whsec)_[\w-]+/g, mark],
  [
    /((?:password|passwd|secret|token|api[-_ ]?key|authorization|cookie|idempotency-key)[\w-]*\\?["'`]?\s*[:=]\s*\\?["'`]?)[^\s"'`,;&}\\]+/gi,
    `$1${mark}`,
  ],
];
