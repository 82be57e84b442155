// Writes packages/client/src/generated from the OpenAPI documents that the tests hold the API to. A
// test makes the same text in memory and compares, so that the client cannot fall behind.
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type OpenApiOperation, type WrittenOperation, writeOperation } from "./client/operation-text.ts";
import { docText, refsIn, type Schema, typeText } from "./client/type-text.ts";

const root = join(import.meta.dirname, "..");
export const generatedFolder = "packages/client/src/generated";

const documents: Readonly<Record<string, string>> = {
  "tenant-v1": "openapi-v1.golden.json",
  "tenant-v2": "openapi-v2.golden.json",
  "control-v1": "openapi-control-v1.golden.json",
};

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas?: Readonly<Record<string, Schema>> };
}

const head = "// Written by tools/generate-client.ts: change the API, and run that.\n";

/** The text of every generated file, by its path, as it is formatted. */
export function generateClient(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [name, golden] of Object.entries(documents)) {
    const text = readFileSync(join(root, "packages/runtime/test/http", golden), "utf8");
    for (const [file, content] of Object.entries(generateApi(name, JSON.parse(text) as OpenApiDocument))) {
      files[`${generatedFolder}/${name}/${file}.ts`] = content;
    }
  }
  return files;
}

/** One file for each tag with what only its operations need, one with what several do, one with all. */
export function generateApi(name: string, document: OpenApiDocument): Readonly<Record<string, string>> {
  const { schemas = {} } = document.components;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => writeOperation(path, method, operation)),
  );
  const tags = [...new Set(operations.map(({ tag }) => tag))].sort();
  const owners = ownersOf(schemas, operations);
  const files: Record<string, string> = {};
  for (const owner of ["schemas", ...tags]) {
    const own = Object.keys(schemas).filter((schema) => owners.get(schema) === owner);
    const mine = operations.filter(({ tag }) => tag === owner);
    files[owner] = format(ownerFile(owner, own, mine, schemas, owners));
  }
  files[name] = format(indexFile(name, tags));
  return files;
}

/** The tag whose operations alone reach a component; "schemas" where several do, or none but errors. */
function ownersOf(
  schemas: Readonly<Record<string, Schema>>,
  operations: readonly WrittenOperation[],
): ReadonlyMap<string, string> {
  const reachedBy = new Map<string, Set<string>>();
  const reach = (schema: string, tag: string): void => {
    const tags = reachedBy.get(schema) ?? new Set();
    if (tags.has(tag)) return;
    reachedBy.set(schema, tags.add(tag));
    for (const next of refsIn(schemas[schema] ?? {})) reach(next, tag);
  };
  for (const { mentions, tag } of operations) for (const schema of mentions) reach(schema, tag);
  return new Map(
    Object.keys(schemas).map((schema) => {
      const tags = [...(reachedBy.get(schema) ?? [])];
      return [schema, tags.length === 1 ? (tags[0] ?? "schemas") : "schemas"];
    }),
  );
}

function ownerFile(
  owner: string,
  own: readonly string[],
  operations: readonly WrittenOperation[],
  schemas: Readonly<Record<string, Schema>>,
  owners: ReadonlyMap<string, string>,
): string {
  const types = own.map((name) => schemaText(name, schemas[name] ?? {}));
  const mentioned = new Set([
    ...own.flatMap((name) => [...refsIn(schemas[name] ?? {})]),
    ...operations.flatMap(({ mentions }) => [...mentions]),
  ]);
  const foreign = [...mentioned].filter((name) => owners.get(name) !== owner).sort();
  const parts = [...types];
  if (operations.length > 0) {
    const name = pascal(owner);
    parts.push(`export interface ${name}Operations {\n${operations.map(({ type }) => type).join("\n")}\n}`);
    parts.push(
      `export const ${camel(owner)}Routes = {\n${operations.map(({ route }) => route).join("\n")}\n} as const satisfies Routes;`,
    );
  }
  const text = parts.join("\n\n");
  return [head, ...importsOf(text, foreign), "", text, ""].join("\n");
}

function importsOf(text: string, foreign: readonly string[]): readonly string[] {
  const routeTypes = ["Content", "Routes"].filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  return [
    ...(routeTypes.length > 0 ? [`import type { ${routeTypes.join(", ")} } from "../../route.ts";`] : []),
    ...(text.includes("ServerSentEvent>")
      ? ['import type { ServerSentEvent } from "../../server-sent-events.ts";']
      : []),
    ...(foreign.length > 0 ? [`import type { ${foreign.join(", ")} } from "./schemas.ts";`] : []),
  ];
}

/** An interface where it can be one, and a type where not. Only an interface may mention itself. */
function schemaText(name: string, schema: Schema): string {
  const doc = docText(schema.description);
  const isUnion = (schema.anyOf ?? schema.oneOf) !== undefined;
  const { properties, additionalProperties: values } = schema;
  const isEmpty = Object.keys(properties ?? {}).length === 0;
  if (properties !== undefined && !isEmpty && !isUnion)
    return `${doc}export interface ${name} ${typeText(schema)}`;
  if (properties === undefined && typeof values === "object") {
    return `${doc}export interface ${name} { readonly [key: string]: ${typeText(values)} }`;
  }
  return `${doc}export type ${name} = ${typeText(schema)};`;
}

function indexFile(name: string, tags: readonly string[]): string {
  const imports = tags.map(
    (tag) => `import { type ${pascal(tag)}Operations, ${camel(tag)}Routes } from "./${tag}.ts";`,
  );
  const all = tags.map((tag) => `${pascal(tag)}Operations`).join(", ");
  return [
    head,
    ...imports,
    "",
    ...["schemas", ...tags].map((tag) => `export type * from "./${tag}.ts";`),
    "",
    `export interface ${pascal(name)}Operations extends ${all} {}`,
    "",
    `export const ${camel(name)}Routes = {${tags.map((tag) => `...${camel(tag)}Routes`).join(", ")}} as const;`,
    "",
  ].join("\n");
}

function pascal(text: string): string {
  return text
    .split("-")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");
}

function camel(text: string): string {
  const name = pascal(text);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function format(text: string): string {
  const { status, stdout, stderr } = spawnSync("oxfmt", ["--stdin-filepath", "generated.ts"], {
    cwd: root,
    input: text,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}` },
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`oxfmt refuses what the generator wrote: ${stderr}\n${text}`);
  return stdout;
}

if (import.meta.main) {
  const files = generateClient();
  for (const path of globSync(`${generatedFolder}/**/*.ts`, { cwd: root })) {
    if (!(path in files)) rmSync(join(root, path));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  console.log(`wrote ${Object.keys(files).length} files to ${generatedFolder}`);
}
