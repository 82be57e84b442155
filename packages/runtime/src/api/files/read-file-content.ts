import { Readable } from "node:stream";
import { assert } from "@tenantry/base";
import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { type RequestedRange, requestedRange } from "../../http/byte-range.ts";
import { attachment } from "../../http/content-disposition.ts";
import { entityTagsSchema, matchesWeakly, parseEntityTags } from "../../http/etag.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import { errors } from "../../errors.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { findFile, type StoredFile } from "./file-queries.ts";
import { fileParams, objectsOf } from "./file-schema.ts";

/**
 * What a browser may do with what a stranger has uploaded: save it. Should it be made to show it all
 * the same, it is in a sandbox, without scripts and on no origin of the tenant's.
 */
const contentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";

/** `GET files/{id}/content`. The session with the database is given back before the first byte is sent. */
export function readFileContentRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "GET",
    url: `/${version}/files/:id/content`,
    schema: {
      operationId: "getFileContent",
      tags: ["files"],
      summary: "Read the content of a file",
      description: "To be saved and not shown. A part of it can be asked for with Range.",
      security: [{ token: [] }],
      params: fileParams,
      "x-headers": readHeaders,
      "x-no-content": { 304: "The client has the content that If-None-Match names." },
      "x-binary": {
        200: {
          description: "The content, with the media type that it was uploaded with.",
          headers: answerHeaders,
        },
        206: {
          description: "The part of the content that Range names.",
          headers: {
            ...answerHeaders,
            "Content-Range": { type: "string", description: "Which part it is." },
          },
        },
      },
      response: {
        304: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "FILE_NOT_FOUND",
          "RANGE_NOT_SATISFIABLE",
          "FILES_UNAVAILABLE",
        ]),
      },
    },
    onRequest: [...context.streamAccess("files:read"), takesNoBody],
    preHandler: context.turn,
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const objects = objectsOf(context);
      const { "if-none-match": known, range: field, "if-range": ifRange } = request.headers;
      const tags = known === undefined ? null : parseEntityTags("If-None-Match", known);
      const row = await findFile(context.store, tenant, request.params.id, { signal: requestSignal(reply) });
      // Only the database is taken in turns; the store of files is not.
      request.endTurn?.();
      reply.headers({ etag: `"${row.sha256}"`, "accept-ranges": "bytes" });
      if (tags !== null && matchesWeakly(tags, row.sha256)) return reply.code(304).send();
      const sizeBytes = Number(row.size_bytes);
      const appliesTo = ifRange === undefined || ifRange === `"${row.sha256}"`;
      const range = requestedRange(appliesTo ? field : undefined, sizeBytes);
      if (range.kind === "unsatisfiable") {
        throw new ProblemError("RANGE_NOT_SATISFIABLE", {
          headers: { "content-range": `bytes */${sizeBytes}` },
        });
      }
      // The schema knows the answers without a body; these two are binary.
      reply.code((range.kind === "part" ? 206 : 200) as never).headers(contentHeaders(row, range));
      // Without a stream Fastify would say that the length is that of nothing.
      if (request.method === "HEAD" || sizeBytes === 0) return reply.send(Readable.from([]) as never);
      const content = await objects.get(tenant.id, row.id, range.kind === "part" ? range : undefined);
      if (content === null) throw errors.RUNTIME_OBJECT_MISSING({ tenant: tenant.id, file: row.id });
      return reply.send(content as never);
    },
  });
}

function contentHeaders(row: StoredFile, range: RequestedRange): Readonly<Record<string, string>> {
  assert(range.kind !== "unsatisfiable", "nothing can be sent of such a range");
  const sizeBytes = Number(row.size_bytes);
  const length = range.kind === "part" ? range.last - range.first + 1 : sizeBytes;
  return {
    "content-type": row.media_type,
    "content-length": String(length),
    "content-disposition": attachment(row.name),
    "content-security-policy": contentSecurityPolicy,
    "cache-control": "private, no-cache",
    ...(range.kind === "part" ? { "content-range": `bytes ${range.first}-${range.last}/${sizeBytes}` } : {}),
  };
}

const readHeaders = {
  Range: { required: false, description: "A part of the content, such as bytes=0-1023." },
  "If-Range": { required: false, description: "The ETag of the content that Range is about." },
  "If-None-Match": {
    required: false,
    description: "The ETag of the content that the client has.",
    schema: entityTagsSchema,
  },
};

const answerHeaders = {
  ETag: { type: "string", description: "The SHA-256 of the content." },
  "Content-Disposition": { type: "string", description: "attachment, with the name of the file." },
};
