import type { RouteCase } from "./route-case.ts";

/** Nothing has this id: whoever may ask is told so. */
const id = "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37";
const tenant = "nobody-yet";

const bodies = {
  suspend: {},
  resume: {},
  move: { tier: "silo" },
  export: {},
  offboard: { confirm: tenant },
} as const;

const verbs: readonly RouteCase[] = Object.entries(bodies).map(([verb, body]) => ({
  listener: "control",
  route: `post /control/v1/tenants/{id}/${verb}`,
  prepare: () => ({ path: `/control/v1/tenants/${tenant}/${verb}`, ask: { body } }),
}));

const reads: readonly RouteCase[] = (
  [
    ["/control/v1/operations", "/control/v1/operations"],
    ["/control/v1/operations/{id}", `/control/v1/operations/${id}`],
    ["/control/v1/operations/{id}/events", `/control/v1/operations/${id}/events`],
    ["/control/v1/exports/{id}/content", `/control/v1/exports/${id}/content`],
    ["/control/v1/certificates/{tenant}", `/control/v1/certificates/${tenant}`],
  ] as const
).map(([route, path]) => ({ listener: "control", route: `get ${route}`, prepare: () => ({ path }) }));

export const operationCases: readonly RouteCase[] = [
  ...verbs,
  ...reads,
  {
    listener: "control",
    route: "post /control/v1/operations/{id}/cancel",
    prepare: () => ({ path: `/control/v1/operations/${id}/cancel`, ask: { body: {} } }),
  },
];
