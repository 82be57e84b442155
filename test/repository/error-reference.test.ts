import { describe, expect, it } from "vitest";
import { defineErrors } from "../../packages/base/src/coded-error.ts";
import { errorReference, errorReferencePath, readErrorTables } from "../../tools/generate-error-reference.ts";
import { placeholder } from "../../tools/error-placeholder.ts";
import { checkErrorCodes } from "./document-error-codes.ts";
import { parseMarkdown } from "./markdown.ts";
import { filesEndingIn, readRepositoryFile } from "./repository-files.ts";

const tables = await readErrorTables();
const codes = Object.values(tables.errors).flatMap((rows) => rows.map(({ code }) => code));
const problemCodes = tables.problems.map(({ code }) => code);

describe("this repository", () => {
  it(`has an up-to-date ${errorReferencePath}; otherwise run: node tools/generate-error-reference.ts`, () => {
    expect(readRepositoryFile(errorReferencePath).text).toBe(errorReference(tables));
  });

  it("has a table of errors in every package that fails in expected ways", () => {
    expect(Object.keys(tables.errors)).toEqual(
      expect.arrayContaining([
        "packages/model",
        "packages/runtime",
        "packages/local",
        "packages/toolkit",
        "apps/cli",
      ]),
    );
    expect(Object.entries(tables.errors).filter(([, rows]) => rows.length === 0)).toEqual([]);
    expect(problemCodes.length).toBeGreaterThan(10);
  });

  it("begins every code with its package and uses none twice", () => {
    const misplaced = Object.entries(tables.errors).flatMap(([folder, rows]) => {
      const prefix = `${(folder.split("/")[1] ?? "").toUpperCase()}_`;
      return rows.filter(({ code }) => !code.startsWith(prefix)).map(({ code }) => `${folder}: ${code}`);
    });
    expect(misplaced).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("writes every message in lower case and without a full stop, and says what to do", () => {
    const rows = Object.values(tables.errors).flat();
    const texts = rows.flatMap(({ code, message, fix }) => [
      { code, text: message },
      { code, text: fix },
    ]);
    const wrong = texts.filter(
      ({ text }) =>
        text === "" ||
        // A name such as PostgreSQL or a value may stand first; an ordinary word may not be capitalized.
        /^[A-Z][a-z]+ /.test(text.replace(/^(Node|Docker|Redis|Fargate|Aurora|Lambda) /, "")) ||
        /[^.]\.$/.test(text) ||
        /\b(undefined|NaN|\[object)/.test(text),
    );
    expect(wrong).toEqual([]);
  });

  it("mentions only codes that exist in its documents", () => {
    const known = { codes, problemCodes };
    expect(filesEndingIn(".md").flatMap((file) => checkErrorCodes(parseMarkdown(file), known))).toEqual([]);
  });
});

describe("a placeholder", () => {
  interface Params {
    readonly ports: readonly number[];
    readonly owner: { readonly name: string } | null;
    readonly length: number;
  }
  const errors = defineErrors({
    LOCAL_LIST: {
      message: ({ ports, owner, length }: Params) =>
        `${length}: ${ports.length} ports (${ports.map((port) => `:${port}`).join(", ")}) are taken by ${owner?.name ?? "nobody"}`,
      fix: ({ ports: [first] }: Params) => `free ${JSON.stringify(first)}`,
      retriable: true,
    },
  });

  it("shows the shape of a message, whatever the message does with the value", () => {
    const factory = errors.LOCAL_LIST as unknown as (params: unknown) => { message: string; fix: string };
    const { message, fix } = factory(placeholder(""));
    expect(message).toBe("{length}: {number of ports} ports ({ports}) are taken by {owner.name}");
    expect(fix).toBe('free "{ports}"');
  });

  it("stands out where a message calculates, which the reference cannot show", () => {
    expect(`${Math.round((placeholder("timeoutMs") as number) / 1000)} s`).toBe("NaN s");
  });
});

describe("the reference", () => {
  it("is a page with a section for each package", () => {
    const row = { code: "LOCAL_X", message: "a | b <c>\nd", fix: "say `e`", retriable: true };
    const page = errorReference({ errors: { "packages/local": [row] }, problems: [] });
    expect(page).toContain("## packages/local\n");
    expect(page).toContain("| `LOCAL_X` | a \\| b \\<c> d | say `e` | yes |");
  });
});

describe("the check of error codes", () => {
  const known = { codes: ["LOCAL_PORT_TAKEN"], problemCodes: ["TOKEN_INVALID"] };
  const check = (text: string) => checkErrorCodes(parseMarkdown({ path: "a.md", text }), known);

  it.each([
    "`LOCAL_PORT_TAKEN` and `DATABASE_URL`",
    '```json\n{ "code": "TOKEN_INVALID", "type": "urn:tenantry:problem:token-invalid" }\n```',
    "codes begin with `LOCAL_`",
  ])("lets %s pass", (text) => expect(check(text)).toEqual([]));

  it.each([
    ["`LOCAL_PORT_LOST`", "LOCAL_PORT_LOST"],
    ["LOCAL_PORT_LOST in the text", "LOCAL_PORT_LOST"],
    ["```\nerror LOCAL_PORT_LOST\n```", "LOCAL_PORT_LOST"],
    ['```json\n{ "code": "TOKEN_LOST" }\n```', "TOKEN_LOST"],
    ["`urn:tenantry:problem:token-lost`", "TOKEN_LOST"],
  ])("finds %s", (text, code) =>
    expect(check(text)).toEqual([expect.stringContaining(`${code}: no table has this code`)]),
  );
});
