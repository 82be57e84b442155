import type { RouteCase } from "./route-case.ts";

const reads: readonly RouteCase[] = [
  "/control/v1/tenants",
  "/control/v1/openapi.json",
  "/health/live",
  "/health/ready",
].map((path) => ({ listener: "control", route: `get ${path}`, prepare: () => ({ path }) }));

export const controlCases: readonly RouteCase[] = [
  ...reads,
  {
    listener: "control",
    route: "get /control/v1/tenants/{id}",
    prepare: () => ({ path: "/control/v1/tenants/acme-corp" }),
  },
  {
    listener: "control",
    route: "post /control/v1/tenants",
    prepare: ({ unique }) => ({
      path: "/control/v1/tenants",
      ask: { body: { id: `matrix-${unique()}` } },
    }),
  },
];
