import type { CommandSpec } from "../command.ts";

export const up: CommandSpec = {
  path: ["up"],
  summary: "run the platform on this machine",
  description: `Runs the platform of the definition here: PostgreSQL, gateway, tenant API, control plane and the services
that name a local command. Ctrl-C drains and stops it; a second Ctrl-C forces. Data stay in .tenantry/
beside the definition. DATABASE_URL, where it is set, names a PostgreSQL (15 or later) to use instead of
the embedded one; REDIS_URL a Redis that rates are counted in; OTEL_EXPORTER_OTLP_ENDPOINT where traces go.

With --json, one document is written when the platform is ready; it then runs on until it is stopped.`,
  arguments: [
    {
      name: "environment",
      summary: "of the definition (default: development where there is one, else the first)",
      required: false,
      completes: "nothing",
    },
  ],
  options: [
    {
      name: "port",
      summary: "of the gateway (default: 8080)",
      value: { kind: "port", placeholder: "port" },
    },
    {
      name: "control-port",
      summary: "of the control plane (default: 8081)",
      value: { kind: "port", placeholder: "port" },
    },
    {
      name: "rate-limits",
      summary: "where requests are counted (default: redis with REDIS_URL, else memory)",
      value: { kind: "choice", placeholder: "where", choices: ["memory", "redis", "postgres"] },
    },
    {
      name: "trusted-proxies",
      summary: "how many proxies of yours append to X-Forwarded-For in front, 0 to 10 (default: 0)",
      value: { kind: "text", placeholder: "number", completes: "nothing" },
    },
    { name: "fresh", summary: "delete the data of earlier runs first; asks", value: { kind: "flag" } },
    { name: "yes", summary: "do not ask", value: { kind: "flag" } },
    {
      name: "detach",
      summary: "return when it is ready and leave it running; tenantry down stops it",
      value: { kind: "flag" },
    },
  ],
  examples: [
    { line: "tenantry up", does: "the nearest definition, on port 8080" },
    { line: "tenantry up staging --port 9080 --control-port 9081", does: "another environment, elsewhere" },
    { line: "tenantry up --fresh --yes", does: "from an empty database" },
    { line: "tenantry up --detach && tenantry status", does: "in the background" },
  ],
  run: async (input, terminal) => {
    const { runUp } = await import("../run/up.ts");
    await runUp(input, terminal);
  },
};
