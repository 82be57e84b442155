import { posix } from "node:path";
import type { Markdown } from "./markdown.ts";

/**
 * docs/guarantees.md is a table: a sentence, the code that keeps it, the test that proves it. Every
 * row links both; the text of a link to a test is the title of the test.
 */
export function checkGuarantees(
  document: Markdown,
  read: (path: string) => string | undefined,
): readonly string[] {
  const rows = document.prose.filter(({ text }) => text.startsWith("|"));
  const findings: string[] = [];
  let proved = 0;
  for (const { text, line } of rows) {
    if (isHead(text)) continue;
    proved += 1;
    const links = document.links.filter((link) => link.line === line);
    const tests = links.filter(({ target }) => isTestTarget(target));
    if (tests.length === 0) findings.push(`${document.path}:${line}: names no test`);
    if (tests.length === links.length) findings.push(`${document.path}:${line}: names no code`);
    for (const test of tests) {
      const source = read(posix.join(posix.dirname(document.path), test.target));
      const title = unescape(test.text);
      if (source === undefined) findings.push(`${document.path}:${line}: ${test.target} does not exist`);
      else if (!hasTitle(source, title)) {
        findings.push(`${document.path}:${line}: ${test.target} has no test named "${title}"`);
      }
    }
  }
  return proved === 0 ? [`${document.path}: has no guarantee`] : findings;

  function isHead(text: string): boolean {
    if (/^\|[\s|:-]+\|?\s*$/.test(text)) return true;
    const next = rows[rows.findIndex((row) => row.text === text) + 1]?.text;
    return next !== undefined && /^\|[\s|:-]+\|?\s*$/.test(next);
  }
}

const isTestTarget = (target: string) => /\.test\.tsx?(#.*)?$/.test(target);
const unescape = (text: string) => text.replaceAll(/\\([|*_[\]`])/g, "$1");

/** The title must be a whole string of the test file, not a part of one. */
function hasTitle(source: string, title: string): boolean {
  const written = [JSON.stringify(title), `'${title}'`, `\`${title}\``];
  return title !== "" && written.some((literal) => source.includes(literal));
}

/** Packages and apps that the map of ARCHITECTURE.md leaves out. */
export function checkPackageMap(document: Markdown, folders: readonly string[]): readonly string[] {
  const rows = document.prose.filter(({ text }) => text.startsWith("|")).map(({ text }) => text);
  return folders
    .filter((folder) => {
      const name = folder.slice(folder.indexOf("/") + 1);
      return !rows.some((row) => row.includes(folder) || row.includes(`\`${name}\``));
    })
    .map((folder) => `${document.path}: ${folder} has no row`);
}
