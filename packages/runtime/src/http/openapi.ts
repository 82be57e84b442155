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
            description: "An access token of the platform (RFC 9068), signed with ES256 or EdDSA.",
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
  const document = JSON.parse(JSON.stringify(scope.swagger())) as Record<string, unknown>;
  applyParameterDocuments(document);
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
  "x-headers"?: Record<string, { required: boolean; description: string }>;
  "x-no-content"?: Record<string, string>;
  responses: Record<string, { description: string }>;
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
    } = operation;
    delete operation["x-parameters"];
    delete operation["x-headers"];
    delete operation["x-no-content"];
    for (const parameter of operation.parameters ?? []) {
      const { description, ...schema } = documents[parameter.name] ?? {};
      if (description !== undefined) parameter.description = description;
      if (Object.keys(schema).length > 0) parameter.schema = schema;
    }
    for (const [status, description] of Object.entries(empty)) operation.responses[status] = { description };
    for (const [name, header] of Object.entries(headers)) {
      (operation.parameters ??= []).push({ in: "header", name, ...header, schema: { type: "string" } });
    }
  }
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
