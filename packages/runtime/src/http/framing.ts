import type { FastifyRequest } from "fastify";
import { ProblemError } from "./problems.ts";

/** Fields of which a second one would let two readers of one request disagree about it. */
const singleFields = new Set([
  "host",
  "authorization",
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
]);

/**
 * Refuses requests that a proxy before us and we could read differently: fields that stand twice,
 * of which Node keeps the first and others the last; and targets that name another host than the
 * Host field does.
 *
 * @throws ProblemError
 */
export function refuseAmbiguousRequest(request: FastifyRequest): void {
  const { rawHeaders, httpVersion } = request.raw;
  // Node also takes a request line without a version, and reads headers after it.
  if (httpVersion !== "1.1" && httpVersion !== "1.0") throw new ProblemError("MALFORMED_REQUEST");
  let seen = "";
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? "";
    if (!singleFields.has(name)) continue;
    if (seen.includes(`,${name},`)) {
      if (name === "host") throw new ProblemError("MALFORMED_HOST");
      throw new ProblemError("DUPLICATE_HEADER", { detail: `the field ${name} stands more than once` });
    }
    seen += `,${name},`;
  }
  const target = request.originalUrl;
  if (!target.startsWith("/")) refuseForeignTarget(target, request.headers.host);
  if (target.includes("#")) throw new ProblemError("MALFORMED_TARGET");
}

function refuseForeignTarget(target: string, host: string | undefined): void {
  if (target === "*") return;
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  if (authority === undefined) throw new ProblemError("MALFORMED_TARGET");
  if (authority.toLowerCase() !== host?.toLowerCase()) {
    throw new ProblemError("MALFORMED_HOST", {
      detail: "the request target names another host than the Host field",
    });
  }
}
