import type { RouteCase } from "./route-case.ts";

export const usageCases: readonly RouteCase[] = ["/v1/usage", "/v2/usage"].map((path) => ({
  listener: "gateway",
  route: `get ${path}`,
  prepare: () => ({ path }),
}));
