import type { CommandSpec } from "../command.ts";

export const down: CommandSpec = {
  path: ["down"],
  summary: "stop the platform that runs here",
  description: `Drains and stops the platform that tenantry up started, from any terminal. Data are kept.
Exit status 0 also where nothing was running.`,
  arguments: [],
  options: [],
  examples: [
    { line: "tenantry down", does: "the platform of the nearest definition, or the one that runs" },
    { line: "tenantry down --config shop/tenantry.config.ts", does: "that one" },
  ],
  run: async (input, terminal) => {
    const { runDown } = await import("../run/down.ts");
    await runDown(input, terminal);
  },
};
