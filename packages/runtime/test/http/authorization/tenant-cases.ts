import type { RouteCase } from "./route-case.ts";

/** The tenant itself, and what is public on its host. */
export const tenantCases: readonly RouteCase[] = [
  "/v1/tenant",
  "/v2/tenant",
  "/v1/openapi.json",
  "/v2/openapi.json",
  "/.well-known/jwks.json",
  "/health/live",
  "/health/ready",
].map((path) => ({ listener: "gateway", route: `get ${path}`, prepare: () => ({ path }) }));
