import { ProblemError } from "./problems.ts";

/** Whether a response of JSON pleases an Accept field (RFC 9110, section 12.5.1). */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === "*/*" || accept.trim() === "") return true;
  // The most specific range that names JSON decides.
  let best = -1;
  let accepted = false;
  for (const item of accept.split(",")) {
    const [range = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
    const specificity = jsonRanges.indexOf(range);
    if (specificity <= best) continue;
    best = specificity;
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    accepted = quality === undefined || Number(quality.slice(2)) > 0;
  }
  return accepted;
}

const jsonRanges = ["*/*", "application/*", "application/json"];

/**
 * Refuses bodies of another type than the route takes. A charset may be named if it is UTF-8;
 * a content encoding may not, because nothing here unpacks bodies.
 *
 * @throws ProblemError UNSUPPORTED_MEDIA_TYPE
 */
export function requireMediaType(
  mediaType: "application/json" | "application/merge-patch+json",
  headers: { readonly "content-type"?: string | undefined; readonly "content-encoding"?: string | undefined },
): void {
  if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity") {
    throw new ProblemError("UNSUPPORTED_MEDIA_TYPE", {
      detail: "send the body without a content encoding",
      headers: { "accept-encoding": "identity" },
    });
  }
  const given = headers["content-type"]?.toLowerCase().replaceAll(/[ \t]/g, "") ?? "";
  const [type, ...parameters] = given.split(";");
  const parametersFit = parameters.every(
    (parameter) => parameter === "charset=utf-8" || parameter === 'charset="utf-8"',
  );
  if (type !== mediaType || !parametersFit) {
    throw new ProblemError("UNSUPPORTED_MEDIA_TYPE", {
      detail: `send the body as ${mediaType}`,
      headers: mediaType === "application/json" ? { accept: mediaType } : { "accept-patch": mediaType },
    });
  }
}
