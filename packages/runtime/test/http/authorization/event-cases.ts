import type { RouteCase } from "./route-case.ts";

export const eventCases: readonly RouteCase[] = [
  { listener: "control", route: "get /control/v1/events", prepare: () => ({ path: "/control/v1/events" }) },
];
