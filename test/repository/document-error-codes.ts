import type { Markdown } from "./markdown.ts";

export interface KnownCodes {
  /** Codes of the packages' tables, which begin with the name of the package. */
  readonly codes: readonly string[];
  /** Codes of the API's problems. */
  readonly problemCodes: readonly string[];
}

/** Variables that AWS's own tools read, and that begin as our codes of the package aws do. */
const variablesOfAws = /^AWS_(PROFILE|REGION|ENDPOINT_URL|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;

/** Error codes that a document mentions and nobody can meet. */
export function checkErrorCodes(document: Markdown, { codes, problemCodes }: KnownCodes): readonly string[] {
  const prefixes = [...new Set(codes.map((code) => code.slice(0, code.indexOf("_"))))];
  const ofPackage = new RegExp(`\\b(${prefixes.join("|")})(_[A-Z0-9]+)+\\b`, "g");
  const known = new Set([...codes, ...problemCodes]);
  const lines = [
    ...document.prose,
    ...document.blocks.flatMap(({ text, line }) =>
      text.split("\n").map((row, index) => ({ text: row, line: line + index })),
    ),
  ];
  return lines.flatMap(({ text, line }) => {
    const mentioned = [
      ...[...text.matchAll(ofPackage)].map(([code]) => code),
      ...[...text.matchAll(/"code":\s*"([A-Z0-9_]+)"/g)].map((match) => match[1] ?? ""),
      ...[...text.matchAll(/urn:tenantry:problem:([a-z0-9-]+)/g)].map((match) =>
        (match[1] ?? "").toUpperCase().replaceAll("-", "_"),
      ),
    ];
    return [...new Set(mentioned)]
      .filter((code) => !known.has(code) && !variablesOfAws.test(code))
      .map((code) => `${document.path}:${line}: ${code}: no table has this code`);
  });
}
