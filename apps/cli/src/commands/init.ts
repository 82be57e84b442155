import type { CommandSpec } from "../command.ts";

export const init: CommandSpec = {
  path: ["init"],
  summary: "write a starter definition",
  description: `Writes tenantry.config.ts with a platform that runs as it is: a service, a PostgreSQL, three tiers
(pool, bridge, silo) and three tenants. Never overwrites a file.`,
  arguments: [
    {
      name: "folder",
      summary: "where (default: here); made if it is missing",
      required: false,
      completes: "folder",
    },
  ],
  options: [],
  examples: [
    { line: "tenantry init", does: "in this folder" },
    { line: "tenantry init shop && cd shop && tenantry up", does: "a new platform, running" },
  ],
  run: async (input, terminal) => {
    const { runInit } = await import("../run/init.ts");
    await runInit(input, terminal);
  },
};
