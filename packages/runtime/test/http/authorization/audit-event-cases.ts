import type { RouteCase } from "./route-case.ts";

export const auditEventCases: readonly RouteCase[] = ["/v1/audit-events", "/v2/audit-events"].map((path) => ({
  listener: "gateway",
  route: `get ${path}`,
  prepare: () => ({ path: `${path}?limit=1` }),
}));
