import { z } from "zod";
import { type ProblemCode, problemCodes, problemMediaType, problemTable } from "./problems.ts";

/** What the documents call by name. Each document keeps those that its routes mention. */
export const apiSchemas = z.registry<{ id: string; description?: string; examples?: unknown[] }>();

const problemSchema = z
  .strictObject({
    type: z.string().regex(/^urn:tenantry:problem:[a-z-]+$/),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]),
    requestId: z.string(),
    errors: z.array(z.strictObject({ pointer: z.string(), message: z.string() })).optional(),
  })
  .register(apiSchemas, {
    id: "Problem",
    description: "What went wrong (RFC 9457). The code is stable; the type is made from it.",
    examples: [
      {
        type: "urn:tenantry:problem:invalid-tenant",
        title: "Invalid tenant",
        status: 404,
        detail: "no tenant has this host name",
        code: "INVALID_TENANT",
        requestId: "4f0c1e5d2b7a4c3f8e9d0a1b2c3d4e5f",
      },
    ],
  });

/** The error responses of a route for its OpenAPI description, by status, from their codes. */
export function problemResponses(codes: readonly ProblemCode[]) {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = problemTable[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      {
        description: of.map((code) => `${problemTable[code].title} (${code})`).join("; "),
        ...(status === 429 ? { headers: rateLimitHeaders } : {}),
        content: { [problemMediaType]: { schema: problemSchema } },
      },
    ]),
  );
}

const rateLimitHeaders = {
  "Retry-After": { type: "integer", description: "Seconds to wait before the next request." },
  "RateLimit-Policy": {
    type: "string",
    description: 'The limit: q requests in w seconds, such as "tenant";q=600;w=60.',
  },
  RateLimit: {
    type: "string",
    description: 'What is left: r requests, and t seconds until there is more, such as "tenant";r=0;t=1.',
  },
};

/** What any request can be answered with. */
export const commonProblems = [
  "MALFORMED_REQUEST",
  "DUPLICATE_HEADER",
  "NOT_ACCEPTABLE",
  "REQUEST_TIMEOUT",
  "EXPECTATION_FAILED",
  "RATE_LIMITED",
  "HEADERS_TOO_LARGE",
  "INTERNAL",
] as const satisfies readonly ProblemCode[];

/** What a request that reads or writes the database can be answered with. */
export const databaseProblems = [
  "OUTCOME_UNKNOWN",
  "DATABASE_UNAVAILABLE",
  "HANDLING_TIMEOUT",
] as const satisfies readonly ProblemCode[];

/** What a request with a body can be answered with. */
export const bodyProblems = [
  "MALFORMED_JSON",
  "BODY_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "INVALID_BODY",
  "PRECONDITION_UNSUPPORTED",
] as const satisfies readonly ProblemCode[];

/** RFC 3339 in UTC, with milliseconds. */
export const timestamp = z.iso.datetime({ precision: 3 });

/** How many items a page holds; a string in the query, a whole number to everyone who reads the document. */
export function pageLimit(itemsDefault: number, itemsMax: number) {
  return z
    .string()
    .regex(/^[1-9][0-9]{0,5}$/, `must be a whole number from 1 to ${itemsMax}`)
    .transform(Number)
    .refine((items) => items <= itemsMax, `must be a whole number from 1 to ${itemsMax}`)
    .optional()
    .transform((items) => items ?? Math.min(itemsDefault, itemsMax));
}

/** How {@link pageLimit} reads in a document, whose parameters are typed as they are meant. */
export function pageLimitDocument(itemsDefault: number, itemsMax: number) {
  return {
    type: "integer",
    minimum: 1,
    maximum: itemsMax,
    default: Math.min(itemsDefault, itemsMax),
    description: `How many items the page holds at most, 1 to ${itemsMax}.`,
  };
}

export const pageCursor = z.string().min(1).max(256).optional();
