import type { ProblemCode } from "../http/problems.ts";
import { bodyProblems, databaseProblems } from "../http/schemas.ts";
import { tenantProblems } from "./api-schemas.ts";

/** What a request that needs no token and has a body can be answered with. */
export const publicProblems = [
  ...tenantProblems,
  ...bodyProblems,
  ...databaseProblems,
  "CONCURRENCY_LIMITED",
  "OVERLOADED",
] as const satisfies readonly ProblemCode[];
