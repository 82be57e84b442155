import type { ProblemCode } from "../../http/problems.ts";
import { problemResponses } from "../../http/schemas.ts";
import { controlProblems } from "../control-context.ts";
import { operationSchema } from "./operation-schema.ts";

const headers = {
  Location: { type: "string", description: "The path of the operation." },
  "Preference-Applied": { type: "string", description: "How long the answer was waited for." },
};

/** What a route answers with that begins an operation or takes one back. */
export function operationAnswers(problems: readonly ProblemCode[]) {
  return {
    200: {
      description: "The operation, which has ended.",
      headers,
      content: { "application/json": { schema: operationSchema } },
    },
    202: {
      description: "The operation, which goes on or waits.",
      headers,
      content: { "application/json": { schema: operationSchema } },
    },
    ...problemResponses([...controlProblems, ...problems]),
  };
}
