import { finding, isGolden, type RepositoryFile } from "./repository-files.ts";

/** A file that may be long, and why. */
export interface LongFile {
  readonly path: string;
  readonly because: string;
}

const lineCountMax = 400;
export const sizeBytesMax = 1024 * 1024;

/** Words that say nothing about what is in a file. */
const vagueWord = /^(utils?|utilities|helpers?|misc|stuff)$/;
const vagueName = /^(common|lib|shared|main\.util)$/;

/** The name of a file or one of its folders. Names that tools or custom demand are left alone. */
export function checkName(path: string): readonly string[] {
  const parts = path.split("/");
  const file = parts.pop() ?? "";
  const isDemanded = file.startsWith(".") || /^([A-Z]+\.md|LICENSE|NOTICE|Dockerfile)$/.test(file);
  const isComponent = path.startsWith("apps/console/") && /^[A-Z][A-Za-z0-9]*(\.test)?\.tsx$/.test(file);
  const names = [
    ...parts.filter((part) => !part.startsWith(".")),
    ...(isDemanded || isComponent ? [] : [file]),
  ];
  return names.flatMap((name) => {
    const stem = name.split(".")[0] ?? "";
    // A module of Python is imported by its name, in which a hyphen would be a minus.
    const shape = path.endsWith(".py") ? /^[a-z0-9]+([-_][a-z0-9]+)*$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/;
    if (!shape.test(stem)) return [`${path}: ${name} is not kebab-case`];
    const isVague = vagueName.test(stem) || stem.split("-").some((word) => vagueWord.test(word));
    return isVague ? [`${path}: ${name} says nothing about what is in it`] : [];
  });
}

/** Files that belong to a machine or to nobody. */
export function checkTracked(path: string): readonly string[] {
  const mustNot =
    /(^|\/)(\.env(\.(?!example$)[^/]*)?|[^/]*\.log|\.DS_Store|Thumbs\.db|[^/]*\.(tsbuildinfo|orig|rej|swp|pem|key))$/;
  const folder = /(^|\/)(node_modules|\.tenantry|coverage|dist|\.idea|\.vscode)\//;
  return mustNot.test(path) || folder.test(path) ? [`${path}: must not be in the repository`] : [];
}

/** Line ends, spaces at the end of a line, the last line. */
export function checkWhitespace(file: RepositoryFile): readonly string[] {
  if (isGolden(file.path)) return [];
  const findings: string[] = [];
  const carriageReturn = file.text.indexOf("\r");
  if (carriageReturn !== -1) findings.push(finding(file, carriageReturn, "a carriage return"));
  const trailing = /[ \t]+$/m.exec(file.text);
  if (trailing !== null) findings.push(finding(file, trailing.index, "spaces at the end of the line"));
  if (file.text !== "" && !file.text.endsWith("\n"))
    findings.push(finding(file, file.text.length, "no line end at the end"));
  return findings;
}

export function checkLength(
  file: RepositoryFile,
  longFiles: readonly LongFile[] = [],
  used: Set<LongFile> = new Set(),
): readonly string[] {
  const lineCount = file.text.trimEnd().split("\n").length;
  if (lineCount <= lineCountMax) return [];
  const allowed = longFiles.find(({ path }) => path === file.path);
  if (allowed === undefined) return [`${file.path}: ${lineCount} lines, at most ${lineCountMax} read well`];
  used.add(allowed);
  return [];
}
