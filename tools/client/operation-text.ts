import { docText, memberText, refsIn, type Schema, typeText } from "./type-text.ts";

export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly in: "path" | "query" | "header";
    readonly name: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Contents };
  readonly responses: Readonly<Record<string, { readonly content?: Contents }>>;
}

type Contents = Readonly<Record<string, { readonly schema: Schema }>>;

/** An operation as the generator writes it. */
export interface WrittenOperation {
  readonly id: string;
  readonly tag: string;
  /** A member of the interface of operations. */
  readonly type: string;
  /** A member of the table of routes. */
  readonly route: string;
  /** The components that the type mentions. */
  readonly mentions: ReadonlySet<string>;
}

export function writeOperation(path: string, method: string, operation: OpenApiOperation): WrittenOperation {
  const { operationId: id, summary, tags = [], parameters = [] } = operation;
  const body = bodyOf(operation);
  const answers = answersOf(operation);
  const members = [
    ...parameters.map(({ name, schema, description, required = false }) =>
      memberText(memberName(name), description === undefined ? schema : { ...schema, description }, required),
    ),
    ...body.members,
  ];
  const routed = parameters.map(
    ({ in: place, name }) => `${memberName(name)}: ["${place}", ${JSON.stringify(name)}]`,
  );
  const type = [
    `${docText(summary)}readonly ${id}: {`,
    `readonly input: ${members.length === 0 ? "Readonly<Record<never, never>>" : `{${members.join("\n")}}`};`,
    `readonly output: ${answers.type};`,
    "};",
  ].join("\n");
  const mediaType = body.mediaType === null ? "null" : JSON.stringify(body.mediaType);
  const route = `${id}: { method: "${method.toUpperCase()}", path: ${JSON.stringify(path)}, parameters: {${routed.join(", ")}}, body: ${mediaType}, answers: "${answers.kind}" },`;
  const mentioned = [parameters, operation.requestBody ?? null, answers.schemas].map(refsIn);
  return {
    id,
    tag: tags[0] ?? "others",
    type,
    route,
    mentions: new Set(mentioned.flatMap((names) => [...names])),
  };
}

interface Body {
  readonly mediaType: string | null;
  readonly members: readonly string[];
}

function bodyOf({ requestBody }: OpenApiOperation): Body {
  const [mediaType, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (mediaType === undefined || content === undefined) return { mediaType: null, members: [] };
  if (mediaType === "*/*") {
    const members = ["readonly body: Content;", "readonly contentType?: string | undefined;"];
    return { mediaType: "binary", members };
  }
  return { mediaType, members: [memberText("body", content.schema, true)] };
}

interface Answers {
  readonly kind: "json" | "stream" | "events";
  readonly type: string;
  readonly schemas: readonly Schema[];
}

/** Success in all its forms; what has no body is null. */
function answersOf({ responses }: OpenApiOperation): Answers {
  const contents = Object.entries(responses)
    .filter(([status]) => Number(status) < 400)
    .map(([, { content }]) => content ?? {});
  const mediaTypes = new Set(contents.flatMap((content) => Object.keys(content)));
  const isEmpty = contents.some((content) => Object.keys(content).length === 0);
  const none = isEmpty ? " | null" : "";
  if (mediaTypes.size === 0) return { kind: "json", type: "null", schemas: [] };
  if (mediaTypes.has("text/event-stream")) {
    return { kind: "events", type: `AsyncIterable<ServerSentEvent>${none}`, schemas: [] };
  }
  if (!mediaTypes.has("application/json")) {
    return { kind: "stream", type: `ReadableStream<Uint8Array>${none}`, schemas: [] };
  }
  const schemas = contents.flatMap((content) => Object.values(content).map(({ schema }) => schema));
  const types = [...new Set(schemas.map(typeText))];
  return { kind: "json", type: `${types.join(" | ")}${none}`, schemas };
}

/** `If-Match` → ifMatch. */
function memberName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/);
  return words
    .map((word, index) => {
      const lower = words.length > 1 ? word.toLowerCase() : word;
      const [first, rest] = [lower.charAt(0), lower.slice(1)];
      return `${index === 0 ? first.toLowerCase() : first.toUpperCase()}${rest}`;
    })
    .join("");
}
