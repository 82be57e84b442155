import type { RouteCase } from "./route-case.ts";

/** What operators and auditors read of the platform as a whole. */
export const platformCases: readonly RouteCase[] = ["tiers", "cells", "usage", "audit-events"].map(
  (name) => ({
    listener: "control",
    route: `get /control/v1/${name}`,
    prepare: () => ({ path: `/control/v1/${name}` }),
  }),
);
