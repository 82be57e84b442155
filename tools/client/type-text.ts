/** A JSON Schema as the OpenAPI documents hold it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
}

/** The TypeScript type of what a schema accepts. */
export function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return refName(schema.$ref);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return union(either.map(typeText));
  if (schema.allOf !== undefined) return schema.allOf.map((one) => `(${typeText(one)})`).join(" & ");
  if (Array.isArray(schema.type)) {
    return union((schema.type as readonly string[]).map((type) => typeText({ ...schema, type })));
  }
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `readonly (${schema.items === undefined ? "unknown" : typeText(schema.items)})[]`;
    case "object":
      return objectText(schema);
    case undefined:
      return "unknown";
    default:
      throw new Error(`the generator does not know the type ${String(schema.type)}`);
  }
}

function objectText({ properties, additionalProperties, required = [] }: Schema): string {
  if (properties === undefined) {
    const value = typeof additionalProperties === "object" ? typeText(additionalProperties) : "unknown";
    return `Readonly<Record<string, ${value}>>`;
  }
  const members = Object.entries(properties).map(([name, schema]) =>
    memberText(name, schema, required.includes(name)),
  );
  return members.length === 0 ? "Readonly<Record<string, never>>" : `{\n${members.join("\n")}\n}`;
}

/** A member with its description. */
export function memberText(name: string, schema: Schema, isRequired: boolean): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  const type = typeText(schema);
  return `${docText(schema.description)}readonly ${key}${isRequired ? "" : "?"}: ${isRequired ? type : `${type} | undefined`};`;
}

/** A doc comment, or nothing. */
export function docText(text: string | undefined): string {
  return text === undefined ? "" : `/** ${text.replaceAll("*/", "* /").replaceAll(/\s+/g, " ").trim()} */\n`;
}

function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ");
}

/** The names of the components that a value of a document refers to, directly. */
export function refsIn(value: unknown): ReadonlySet<string> {
  const refs = JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  return new Set([...refs].map((match) => match[1] ?? ""));
}
