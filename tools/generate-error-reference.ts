// Writes docs/reference/errors.md from the error tables of the packages. A repository test makes
// the same text in memory and compares, so the page cannot fall behind.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodedError } from "../packages/base/src/coded-error.ts";
import { placeholder } from "./error-placeholder.ts";

const root = join(import.meta.dirname, "..");
export const errorReferencePath = "docs/reference/errors.md";

/** An expected failure of a package. */
export interface ErrorRow {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly retriable: boolean;
}

/** An error response of the API. */
export interface ProblemRow {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

export interface ErrorTables {
  /** By package folder. */
  readonly errors: Readonly<Record<string, readonly ErrorRow[]>>;
  readonly problems: readonly ProblemRow[];
}

/** Imports each table: `errors.ts` of every package, and the API's `problems.ts`. */
export async function readErrorTables(): Promise<ErrorTables> {
  const errors: Record<string, readonly ErrorRow[]> = {};
  for (const path of globSync("{packages,apps}/*/src/errors.ts", { cwd: root }).sort()) {
    const module = await load(path);
    const tables = Object.values(module).filter(isFactories);
    errors[path.split(/[\\/]/).slice(0, 2).join("/")] = tables.flatMap((table) =>
      table.codes.map((code) => rowOf(table, code)),
    );
  }
  const problems: ProblemRow[] = [];
  for (const path of globSync("packages/*/src/**/problems.ts", { cwd: root }).sort()) {
    const table = (await load(path))["problemTable"] as
      | Readonly<Record<string, Omit<ProblemRow, "code">>>
      | undefined;
    for (const [code, row] of Object.entries(table ?? {})) problems.push({ code, ...row });
  }
  return { errors, problems: problems.sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1)) };
}

export function errorReference({ errors, problems }: ErrorTables): string {
  const sections = Object.entries(errors).map(([folder, rows]) => [
    `## ${folder}`,
    "",
    "| code | message | what to do | again later |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ code, message, fix, retriable }) =>
        `| \`${code}\` | ${cell(message)} | ${cell(fix)} | ${retriable ? "yes" : "no"} |`,
    ),
    "",
  ]);
  return [
    "# Errors",
    "",
    "<!-- Written by tools/generate-error-reference.ts from the tables of the packages: change those. -->",
    "",
    "Every failure that Tenantry expects has a code that does not change, a message that names the wrong value,",
    "and what to do about it. `{name}` stands for a value of the case at hand; a message may be worded differently",
    "for some values. *Again later* says whether the same request can succeed without a change.",
    "",
    ...sections.flat(),
    "## Problems of the API",
    "",
    "Error responses are problems as in [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457). The `code` does not change,",
    "and the `type` is made from it: `TOKEN_INVALID` has the type `urn:tenantry:problem:token-invalid`.",
    "",
    "| status | code | title | detail, where nothing more exact is known |",
    "| --- | --- | --- | --- |",
    ...problems.map(
      ({ status, code, title, detail }) => `| ${status} | \`${code}\` | ${cell(title)} | ${cell(detail)} |`,
    ),
    "",
  ].join("\n");
}

interface Factories {
  readonly codes: readonly string[];
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(join(root, path)).href)) as Readonly<Record<string, unknown>>;
}

function isFactories(value: unknown): value is Factories {
  return typeof value === "object" && value !== null && "codes" in value && Array.isArray(value.codes);
}

function rowOf(table: Factories, code: string): ErrorRow {
  const factory = (table as unknown as Readonly<Record<string, (params: unknown) => CodedError>>)[code];
  if (factory === undefined) throw new Error(`the table has no factory for its code ${code}`);
  const { message, fix, retriable } = factory(placeholder(""));
  return { code, message: String(message), fix: String(fix), retriable };
}

/** Text in a cell of a table: one line, and no character that Markdown would read. */
function cell(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[|<*_\\[\]]/g, String.raw`\$&`)
    .trim();
}

if (import.meta.main) {
  const path = join(root, errorReferencePath);
  const text = errorReference(await readErrorTables());
  if (existsSync(path) && readFileSync(path, "utf8") === text) {
    console.log(`${errorReferencePath} is up to date`);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${errorReferencePath}`);
  }
}
