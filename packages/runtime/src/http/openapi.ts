import { deepFreeze } from "@tenantry/base";
import fastifySwagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { apiSchemas } from "./schemas.ts";

/** Plain JSON that is an OpenAPI 3.1 document. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

const schemaRegistry = apiSchemas as never;
const transformSchema = createJsonSchemaTransform({ schemaRegistry });
const transformComponents = createJsonSchemaTransformObject({ schemaRegistry });

/** Collects the routes that are registered in this scope from here on. */
export async function describeRoutes(
  scope: FastifyInstance,
  about: {
    readonly title: string;
    readonly description: string;
    readonly version: string;
    readonly server: string;
  },
): Promise<void> {
  await scope.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: about.title,
        version: about.version,
        description: about.description,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: about.server }],
      components: {
        securitySchemes: {
          token: {
            type: "http",
            scheme: "bearer",
            bearerFormat: "JWT",
            description:
              "An access token of the platform (RFC 9068), signed with ES256 or EdDSA; at a tenant's host also one of its API keys, or a token of an issuer that the definition names.",
          },
        },
      },
    },
    transform: ({ schema, url, ...rest }) => {
      const result = transformSchema({ schema: schema as never, url, ...rest } as never);
      copyResponseHeaders(schema, result.schema);
      return result as never;
    },
    transformObject: (document) => transformComponents(document as never) as never,
  });
}

/** The document of the routes of a scope, once all are registered. */
export function openApiDocument(scope: FastifyInstance): OpenApiDocument {
  // JSON that goes in is what comes out.
  const text = JSON.stringify(scope.swagger()).replaceAll('schemas/JsonObjectInput"', 'schemas/JsonObject"');
  const document = JSON.parse(text) as Record<string, unknown>;
  applyParameterDocuments(document);
  describeJson(document);
  dropUnusedSchemas(document);
  return deepFreeze(withPlainNames(document)) as OpenApiDocument;
}

interface WithResponses {
  response?: Record<string, { headers?: unknown }>;
}

/** The transformation of schemas forgets the headers of responses. */
function copyResponseHeaders(from: unknown, to: unknown): void {
  const [before, after] = [from as WithResponses | undefined, to as WithResponses | undefined];
  for (const [status, response] of Object.entries(before?.response ?? {})) {
    const target = after?.response?.[status];
    if (response.headers !== undefined && target !== undefined) target.headers = response.headers;
  }
}

interface Operation {
  parameters?: { in: string; name: string; description?: string; required?: boolean; schema?: unknown }[];
  "x-parameters"?: Record<string, { description?: string } & Record<string, unknown>>;
  "x-headers"?: Record<string, { required: boolean; description: string; schema?: unknown }>;
  "x-no-content"?: Record<string, string>;
  "x-binary"?: Record<string, { description: string; headers?: Record<string, unknown> }>;
  "x-binary-body"?: string;
  requestBody?: unknown;
  responses: Record<string, unknown>;
}

/**
 * A parameter is text in the query whatever it means, and headers are read by hand (a schema would
 * copy all of them for each request), so what both mean is written beside the route.
 */
function applyParameterDocuments(document: Record<string, unknown>): void {
  const paths = (document["paths"] ?? {}) as Record<string, Record<string, Operation>>;
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const {
      "x-parameters": documents = {},
      "x-headers": headers = {},
      "x-no-content": empty = {},
      "x-binary": binary = {},
      "x-binary-body": binaryBody,
    } = operation;
    delete operation["x-binary"];
    delete operation["x-binary-body"];
    delete operation["x-parameters"];
    delete operation["x-headers"];
    delete operation["x-no-content"];
    for (const parameter of operation.parameters ?? []) {
      const { description, ...schema } = documents[parameter.name] ?? {};
      if (description !== undefined) parameter.description = description;
      if (Object.keys(schema).length > 0) parameter.schema = documentedSchema(parameter.schema, schema);
    }
    for (const [status, response] of Object.entries(binary)) {
      operation.responses[status] = { ...documentHeaders(response), content: anyContent };
    }
    if (binaryBody !== undefined) operation.requestBody = { description: binaryBody, content: anyContent };
    for (const [status, description] of Object.entries(empty)) operation.responses[status] = { description };
    for (const [name, header] of Object.entries(headers)) {
      (operation.parameters ??= []).push({ in: "header", name, schema: { type: "string" }, ...header });
    }
  }
}

/**
 * JSON that is stored as it is: any that comes back as it went in (see json-body.ts). A schema that
 * said so would look at all of it a second time, so that only the document says it.
 */
function describeJson(document: Record<string, unknown>): void {
  const components = document["components"] as { schemas?: Record<string, unknown> };
  const schemas = components.schemas ?? {};
  if (!("JsonObject" in schemas || "JsonObjectInput" in schemas)) return;
  Object.assign(schemas, { JsonObject: jsonObject, JsonValue: jsonValue });
}

const storableText = String.raw`^[^\u0000]*$`;
const jsonObject = {
  description: "A JSON object, at most 30 levels deep. Of a key that stands twice the last one counts.",
  type: "object",
  propertyNames: { type: "string", pattern: String.raw`^(?!__proto__$)[^\u0000]*$` },
  additionalProperties: { $ref: "#/components/schemas/JsonValue" },
};
const jsonValue = {
  description: "What comes back as it went in: numbers are doubles, and text has no U+0000.",
  anyOf: [
    { type: "null" },
    { type: "boolean" },
    { type: "number", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    { type: "string", pattern: storableText },
    { type: "array", items: { $ref: "#/components/schemas/JsonValue" } },
    { $ref: "#/components/schemas/JsonObject" },
  ],
};

/** What is meant instead of text, or what is said of the text beside what the route checks of it. */
function documentedSchema(checked: unknown, said: Record<string, unknown>): unknown {
  const { type } = (checked ?? {}) as { readonly type?: unknown };
  return said["type"] === type ? { ...(checked as object), ...said } : said;
}

/** Bytes of any type: a schema without a type is what OpenAPI 3.1 says of them. */
const anyContent = { "*/*": { schema: {} } };

/** Headers of responses as @fastify/swagger writes those that it knows of. */
function documentHeaders(response: { description: string; headers?: Record<string, unknown> }) {
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) => {
    const { description, ...schema } = header as Record<string, unknown>;
    return [name, { description, schema }];
  });
  return { description: response.description, headers: Object.fromEntries(headers) as object };
}

function dropUnusedSchemas(document: Record<string, unknown>): void {
  const schemas = ((document["components"] as Record<string, unknown>)["schemas"] ?? {}) as Record<
    string,
    unknown
  >;
  for (;;) {
    const text = JSON.stringify(document);
    const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    if (unused.length === 0) return;
    for (const name of unused) delete schemas[name];
  }
}

/** `NewTenantInput` is called `NewTenant` where nothing else is. */
function withPlainNames(document: Record<string, unknown>): Record<string, unknown> {
  const components = document["components"] as { schemas?: Record<string, unknown> };
  const names = Object.keys(components.schemas ?? {});
  const renamed = names.filter((name) => name.endsWith("Input") && !names.includes(name.slice(0, -5)));
  let text = JSON.stringify(document);
  for (const name of renamed) {
    const plain = name.slice(0, -5);
    text = text
      .replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/${plain}"`)
      .replaceAll(`"${name}":{`, `"${plain}":{`);
  }
  return JSON.parse(text) as Record<string, unknown>;
}
