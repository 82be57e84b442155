import type { Clock } from "@tenantry/base";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { ApiLimits } from "../../http/api-limits.ts";
import { fileNameOfDisposition } from "../../http/content-disposition.ts";
import { ProblemError } from "../../http/problems.ts";

/** How many bytes the client says that it sends; null where it does not say. */
export function announcedBytes({ headers }: FastifyRequest): number | null {
  if (headers["transfer-encoding"] !== undefined) return null;
  return Number(headers["content-length"] ?? 0);
}

/** A name that every system can keep; it is no path. */
export const fileNameSchema = z
  .string()
  .regex(
    new RegExp(String.raw`^(?!\.{1,2}$)[^\u0000-\u001f\u007f-\u009f/\\\u2028\u2029]{1,255}$`, "u"),
    "must be 1 to 255 characters, without control characters, / and \\, and neither . nor ..",
  );

/**
 * The name in the query; else, as browsers and mail programs give it, the last part of the one in
 * Content-Disposition, without what no name may have (RFC 6266, section 4.3).
 */
export function nameOfUpload({ headers }: FastifyRequest, inQuery: string | undefined): string {
  if (inQuery !== undefined) return inQuery;
  const field = headers["content-disposition"];
  const given = field === undefined ? null : fileNameOfDisposition(field);
  const last = given?.split(/[/\\]/).at(-1) ?? "";
  const kept = [...last.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029]/gu, "")].slice(0, 255).join("");
  return fileNameSchema.safeParse(kept).success ? kept : "file";
}

const token = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+`;
const parameter = String.raw`[ \t]*;[ \t]*${token}=(?:${token}|"(?:[^"\\\x00-\x1f\x7f-\uffff]|\\[\x20-\x7e])*")`;
const mediaTypePattern = new RegExp(`^${token}/${token}(?:${parameter})*$`);

/** @throws ProblemError UNSUPPORTED_MEDIA_TYPE for what no media type looks like */
export function typeOfUpload({ headers }: FastifyRequest): string {
  const type = headers["content-type"] ?? "application/octet-stream";
  if (type.length <= 255 && mediaTypePattern.test(type)) return type;
  throw new ProblemError("UNSUPPORTED_MEDIA_TYPE", {
    detail: "Content-Type holds one media type of at most 255 characters, such as image/png",
  });
}

/**
 * The body as it comes in, held to its limits: how much, and, once it has taken as long as other
 * requests may, how fast on average.
 *
 * @throws ProblemError BODY_TOO_LARGE, REQUEST_TIMEOUT, MALFORMED_REQUEST when the client goes away
 */
export async function* uploadContent(
  request: FastifyRequest,
  { fileBytesMax, requestTimeoutMs, uploadBytesPerSecondMin }: ApiLimits,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const startedMs = clock.monotonicMs();
  let seenBytes = 0;
  // A request without a body has none that could be read.
  for await (const chunk of received((request.body ?? []) as AsyncIterable<Uint8Array>)) {
    seenBytes += chunk.byteLength;
    if (seenBytes > fileBytesMax) {
      throw new ProblemError("BODY_TOO_LARGE", { detail: `a file has at most ${fileBytesMax} bytes` });
    }
    const tookMs = clock.monotonicMs() - startedMs;
    if (tookMs > requestTimeoutMs && seenBytes < (tookMs / 1_000) * uploadBytesPerSecondMin) {
      throw new ProblemError("REQUEST_TIMEOUT", {
        detail: `the upload was slower than ${uploadBytesPerSecondMin} bytes a second`,
      });
    }
    yield chunk;
  }
}

async function* received(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new ProblemError("MALFORMED_REQUEST", {
      detail: "the upload ended before it was complete",
      reason: String((error as { code?: unknown }).code ?? "unknown"),
    });
  }
}
