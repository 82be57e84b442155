import type { FastifyRequest } from "fastify";
import { parseEntityTags, versionsMatched } from "../../http/etag.ts";
import { ProblemError } from "../../http/problems.ts";
import type { StoredDocument, WriteOutcome } from "./document-queries.ts";

/** The versions that If-Match means; null without one, or with `*`. @throws ProblemError MALFORMED_HEADER */
export function versionsMeant(request: FastifyRequest): readonly number[] | null {
  const header = request.headers["if-match"];
  return header === undefined ? null : versionsMatched(parseEntityTags("If-Match", header));
}

/** @throws ProblemError PRECONDITION_REQUIRED without If-Match */
export function versionsRequired(request: FastifyRequest): readonly number[] | null {
  if (request.headers["if-match"] === undefined) throw new ProblemError("PRECONDITION_REQUIRED");
  return versionsMeant(request);
}

/** The document that was written. @throws ProblemError when none was */
export function writtenDocument(outcome: WriteOutcome): StoredDocument {
  if (outcome.kind === "missing") throw new ProblemError("DOCUMENT_NOT_FOUND");
  if (outcome.kind === "changed") throw new ProblemError("PRECONDITION_FAILED");
  return outcome.document;
}
