import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { ApiScope } from "../../http/api-scope.ts";
import { securityHeaders } from "../../http/security-headers.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { itemListRoute } from "../item-list-route.ts";
import { deleteFileRoute } from "./delete-file.ts";
import { listFilesAfter, listFilesByOffset } from "./file-queries.ts";
import { fileSchema, fileView } from "./file-schema.ts";
import { readFileContentRoute } from "./read-file-content.ts";
import { readFileRoute } from "./read-file.ts";
import { uploadFileRoute } from "./upload-file.ts";

/** `files` and `files/{id}`: what is known of files. */
export function fileRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const { store } = context;
  itemListRoute(scope, context, version, {
    path: "files",
    operationId: "listFiles",
    summary: "List files",
    description: "Oldest first.",
    permission: "files:read",
    component: "File",
    item: fileSchema,
    keyOf: ({ id }) => id,
    byOffset: async (tenant, page, _filter, options) => {
      const { rows, total } = await listFilesByOffset(store, tenant, page, options);
      return { items: rows.map(fileView), total };
    },
    after: async (tenant, page, _filter, options) =>
      (await listFilesAfter(store, tenant, page, options)).map(fileView),
  });
  readFileRoute(scope, context, version);
  deleteFileRoute(scope, context, version);
}

/**
 * `POST files` and `files/{id}/content`, in a scope of their own: bodies of any type stream through,
 * which no route that reads JSON may ever meet.
 */
export function fileContentRoutes(app: FastifyInstance, context: ApiContext, version: ApiVersion): void {
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(securityHeaders).header("cache-control", "no-store");
    done();
  });
  app.addHook("onSend", context.turnEnd);
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  const scope = app.withTypeProvider<ZodTypeProvider>();
  uploadFileRoute(scope, context, version);
  readFileContentRoute(scope, context, version);
}
