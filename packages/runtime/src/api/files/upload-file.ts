import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { StoredObject } from "../../files/object-store.ts";
import type { ApiScope } from "../../http/api-scope.ts";
import {
  answerOnce,
  idempotencyHeaders,
  idempotencyKeyHeader,
  idempotencyProblems,
} from "../../http/idempotency.ts";
import { acceptsJson } from "../../http/json-accept.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf, tenantPrincipalOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import { liftRequestTimeout } from "../../http/streaming-sockets.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { Execute, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { eventOf, keepAuditEvent } from "../audit-events/audit-event.ts";
import { insertFile, type NewFile, requireStorage } from "./file-queries.ts";
import { fileSchema, fileView, objectsOf } from "./file-schema.ts";
import { announcedBytes, fileNameSchema, nameOfUpload, typeOfUpload, uploadContent } from "./upload.ts";

/**
 * `POST files`: the body is the content, of any type and length. It streams to where files are kept;
 * only then the row is written, so that no file is ever without its content. Neither a session with
 * the database nor a turn is held while it streams.
 */
export function uploadFileRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "POST",
    url: `/${version}/files`,
    schema: {
      operationId: "createFile",
      tags: ["files"],
      summary: "Upload a file",
      description:
        "The body is the content as it is, and its Content-Type is kept with it. The name comes from the query, or from Content-Disposition as filename* or filename, without folders; a file without either is called file.",
      security: [{ token: [] }],
      querystring: z.strictObject({ name: fileNameSchema.optional() }),
      "x-parameters": { name: { description: "The name of the file; it wins over Content-Disposition." } },
      "x-headers": { ...uploadHeaders, ...idempotencyKeyHeader },
      "x-binary-body": `The content, up to ${context.limits.fileBytesMax} bytes.`,
      response: {
        201: {
          description: "The file.",
          headers: {
            ...idempotencyHeaders,
            Location: { type: "string", description: "The path of the file." },
          },
          content: { "application/json": { schema: fileSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          ...idempotencyProblems,
          "INVALID_PARAMETER",
          "BODY_TOO_LARGE",
          "UNSUPPORTED_MEDIA_TYPE",
          "PRECONDITION_UNSUPPORTED",
          "STORAGE_EXHAUSTED",
          "FILES_UNAVAILABLE",
        ]),
      },
    },
    onRequest: [
      (request, _reply, done) => {
        if (!acceptsJson(request.headers.accept)) throw new ProblemError("NOT_ACCEPTABLE");
        done();
      },
      ...context.streamAccess("files:write"),
      (request, reply, done) => {
        refuseUpload(request, context.limits.fileBytesMax);
        liftRequestTimeout(request, reply);
        done();
      },
    ],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const signal = requestSignal(reply);
      const name = nameOfUpload(request, request.query.name);
      const mediaType = typeOfUpload(request);
      const objects = objectsOf(context);
      const bytesMax = context.storageBytesMax(tenant);
      if (bytesMax !== null) {
        await inTurn(context, request, reply, () =>
          requireStorage(context.store, tenant, announcedBytes(request) ?? 0, bytesMax, { signal }),
        );
      }
      const id = uuidV7(context.clock.nowMs(), context.random);
      const content = uploadContent(request, context.limits, context.clock);
      const stored = await objects.put(tenant.id, id, content, { signal });
      const upload = { id, name, mediaType, ...stored };
      return keepFile(context, version, request, reply, upload, bytesMax);
    },
  });
}

/** Writes the row, or gives up the content where none is written. */
async function keepFile(
  context: ApiContext,
  version: ApiVersion,
  request: FastifyRequest,
  reply: FastifyReply,
  upload: Omit<NewFile, "createdBy">,
  bytesMax: number | null,
): Promise<never> {
  const tenant = tenantOf(request);
  const file = { ...upload, createdBy: tenantPrincipalOf(request).subject };
  const effect = { state: "not-run" };
  context.objectSweep.touch(tenant);
  const discard = () => context.objects?.delete(tenant.id, file.id).catch(() => undefined);
  try {
    return await inTurn(context, request, reply, async () => {
      const answer = await answerOnce(context, request, reply, {
        said: saidOf(file),
        effect: async (db: WriteQueries, execute: Execute) => {
          effect.state = "run";
          const row = await insertFile(db, execute, tenant, file, bytesMax);
          await execute(keepAuditEvent(db, tenant, createdEvent(request, file), context));
          return row;
        },
        answer: (row) => ({
          status: 201,
          headers: { location: `/${version}/files/${row.id}` },
          body: fileView(row),
        }),
      });
      // An earlier request with this key has made the file.
      if (effect.state === "not-run") await discard();
      return answer;
    });
  } catch (error) {
    // Any other error leaves open whether the row is there. If it is not, the sweep finds the content.
    if (error instanceof ProblemError) await discard();
    throw error;
  }
}

/** Two uploads are the same request when all of this is the same. */
function saidOf({
  name,
  mediaType,
  sizeBytes,
  sha256,
}: Omit<NewFile, "id" | "createdBy"> & StoredObject): string {
  return JSON.stringify({ name, mediaType, sizeBytes, sha256 });
}

function createdEvent(request: FastifyRequest, { id, name, mediaType, sizeBytes, sha256 }: NewFile) {
  return eventOf(request, {
    action: "file.created",
    target: id,
    details: { name, mediaType, sizeBytes, sha256 },
  });
}

/** Waits for a turn with the database, and ends it when the work is done. */
async function inTurn<T>(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<T>,
): Promise<T> {
  await new Promise<void>((resolve, reject) => {
    context.turn.call(request.server, request, reply, (error?: Error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
  try {
    return await work();
  } finally {
    request.endTurn?.();
  }
}

/** Refuses before anything of the body is read. @throws ProblemError */
function refuseUpload(request: FastifyRequest, fileBytesMax: number): void {
  const { headers } = request;
  if (headers["if-none-match"] !== undefined) throw new ProblemError("PRECONDITION_UNSUPPORTED");
  if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity") {
    throw new ProblemError("UNSUPPORTED_MEDIA_TYPE", { detail: "send the file without a content encoding" });
  }
  if ((announcedBytes(request) ?? 0) > fileBytesMax) {
    throw new ProblemError("BODY_TOO_LARGE", { detail: `a file has at most ${fileBytesMax} bytes` });
  }
}

const uploadHeaders = {
  "Content-Disposition": {
    required: false,
    description:
      "attachment with the name of the file, such as attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf.",
  },
};
