import type { FastifyRequest } from "fastify";
import { entityTagsSchema } from "../http/etag.ts";
import { ProblemError } from "../http/problems.ts";
import type { ApiVersion } from "./api-version.ts";
import { versionsMeant } from "./documents/preconditions.ts";

/** Which versions of an item a request means to change. */
export type VersionCondition =
  | { readonly kind: "any" }
  /** If-Match names these; null is `*`. */
  | { readonly kind: "match"; readonly versions: readonly number[] | null }
  /** The request has to say which version it replaces, and does not. */
  | { readonly kind: "unsaid" };

/** Reads If-Match. @throws ProblemError MALFORMED_HEADER */
export function versionCondition(
  request: FastifyRequest,
  unless: "any" | "unsaid" = "any",
): VersionCondition {
  if (request.headers["if-match"] === undefined) return { kind: unless };
  return { kind: "match", versions: versionsMeant(request) };
}

/** Version 1 replaces what is there; version 2 replaces only what the client has seen. */
export function replacing(version: ApiVersion): "any" | "unsaid" {
  return version === "v1" ? "any" : "unsaid";
}

/** @throws ProblemError PRECONDITION_FAILED, PRECONDITION_REQUIRED */
export function requireVersion(thing: string, current: number, condition: VersionCondition): void {
  if (condition.kind === "unsaid") {
    throw new ProblemError("PRECONDITION_REQUIRED", {
      detail: `the ${thing} exists; replacing it needs If-Match with the ETag of the version that is replaced`,
    });
  }
  if (condition.kind === "any" || condition.versions === null || condition.versions.includes(current)) return;
  throw new ProblemError("PRECONDITION_FAILED", {
    detail: `the ${thing} has changed; read it again and repeat the change on its new version`,
  });
}

/** How ETag and the preconditions on an item read in a document. */
export function versionHeaders(thing: string) {
  return {
    etag: { ETag: { type: "string", description: `The version of the ${thing}, such as "3".` } },
    ifMatch: {
      "If-Match": {
        required: false,
        description: `The ETag of the version of the ${thing} that may be changed, such as "3", or *.`,
        schema: entityTagsSchema,
      },
    },
    ifNoneMatch: {
      "If-None-Match": {
        required: false,
        description: "The ETag of the version that the client has.",
        schema: entityTagsSchema,
      },
    },
  } as const;
}
