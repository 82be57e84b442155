import type { ProblemCode } from "../http/problems.ts";
import { commonProblems } from "../http/schemas.ts";

/** What a request to a tenant's host can be answered with before it reaches its handler. */
export const tenantProblems = [
  ...commonProblems,
  "MALFORMED_HOST",
  "INVALID_TENANT",
  "TENANT_NOT_READY",
  "TENANT_UNAVAILABLE",
] as const satisfies readonly ProblemCode[];

/** And, where it needs a token, with. */
export const tokenProblems = [
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TOKEN_FOR_ANOTHER_TENANT",
  "PERMISSION_MISSING",
  "CONCURRENCY_LIMITED",
  "OVERLOADED",
] as const satisfies readonly ProblemCode[];
