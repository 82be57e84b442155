import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";
import { escapePointer } from "./json-body.ts";
import { type ProblemLocation, ProblemError } from "./problems.ts";

const errorsMax = 20;

/** Validates with the zod schemas that the OpenAPI document is made from. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const root =
    httpPart === "body"
      ? ""
      : `/${httpPart === "params" ? "path" : httpPart === "querystring" ? "query" : httpPart}`;
  const code = httpPart === "body" ? "INVALID_BODY" : "INVALID_PARAMETER";
  return (data: unknown) => {
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    const errors = result.error.issues.flatMap((issue) => locationsOf(issue, root)).slice(0, errorsMax);
    return { error: new ProblemError(code, { errors }) };
  };
};

/** Writes what handlers return. Tests hold every response against its schema; serving does not pay for that. */
export const serializerCompiler = () => (data: unknown) => JSON.stringify(data);

function locationsOf(issue: z.core.$ZodIssue, root: string): ProblemLocation[] {
  const pointer = [root, ...issue.path.map((part) => escapePointer(String(part)))].join("/");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapePointer(key)}`,
      message: "is not known here",
    }));
  }
  return [{ pointer, message: messageOf(issue) }];
}

/** What zod says of a wrong type in its own words, in the words of all other messages. */
function messageOf(issue: z.core.$ZodIssue): string {
  const isOurs = issue.code !== "invalid_type" || !issue.message.startsWith("Invalid input");
  if (isOurs) return issue.message;
  const { expected } = issue;
  return expected === "object" || expected === "record"
    ? "must be a JSON object"
    : `must be ${/^[aeiou]/.test(expected) ? "an" : "a"} ${expected}`;
}
