import type { CodedError } from "@tenantry/base";
import { z } from "zod";

/**
 * An object of known fields; any other field is a mistake. The known names travel in the
 * issue's message, which only our own translation to problems reads.
 */
export function part<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape)
    .filter((key) => key !== "kind")
    .join(" ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? known : undefined),
  });
}

/** A schema whose values must pass a check of ours as well; the check returns what is wrong, or null. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  check: (value: z.output<Schema>) => CodedError | null,
): Schema {
  return schema.superRefine((value, context) => {
    const error = check(value as z.output<Schema>);
    if (error !== null) report(context, [], error);
  });
}

interface IssueSink {
  addIssue(issue: { code: "custom"; path: (string | number)[]; params: { error: CodedError } }): void;
}

/** Reports a coded error from inside a schema, at a path below the value under check. */
export function report(context: IssueSink, path: (string | number)[], error: CodedError): void {
  context.addIssue({ code: "custom", path, params: { error } });
}

/** A part that a platform may do without: null (or nothing) means without. */
export function without<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullable().default(null);
}
