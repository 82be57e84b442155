import { type ApiScope, takes } from "../../http/api-scope.ts";
import { etagOf } from "../../http/etag.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { etagHeader, ifMatchHeader, ifMatchRequiredHeader } from "./document-headers.ts";
import { replaceDocument } from "./document-queries.ts";
import { documentInputSchema, documentParams, documentSchema, documentView } from "./document-schema.ts";
import { versionsMeant, versionsRequired, writtenDocument } from "./preconditions.ts";

/**
 * `PUT documents/{collection}/{id}`. In version 2 it replaces a version that the client has seen;
 * in version 1 it replaces whatever is there, unless the request says which version.
 */
export function replaceDocumentRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const needsVersion = version === "v2";
  scope.route({
    method: "PUT",
    url: `/${version}/documents/:collection/:id`,
    schema: {
      operationId: "replaceDocument",
      tags: ["documents"],
      summary: "Replace a document",
      security: [{ token: [] }],
      params: documentParams,
      "x-headers": needsVersion ? ifMatchRequiredHeader : ifMatchHeader,
      body: documentInputSchema,
      consumes: ["application/json"],
      response: {
        200: {
          description: "The document, at its new version.",
          headers: etagHeader,
          content: { "application/json": { schema: documentSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "DOCUMENT_NOT_FOUND",
          "PRECONDITION_FAILED",
          ...(needsVersion ? (["PRECONDITION_REQUIRED"] as const) : []),
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:write"), takes("application/json")],
    handler: async (request, reply) => {
      const address = {
        ...request.params,
        versions: needsVersion ? versionsRequired(request) : versionsMeant(request),
      };
      const body = request.body.body as JsonObject;
      const signal = requestSignal(reply);
      const outcome = await replaceDocument(context.store, tenantOf(request), address, body, { signal });
      const row = writtenDocument(outcome);
      return reply.header("etag", etagOf(row.version)).send(documentView(row));
    },
  });
}
