import type { CommandSpec } from "../command.ts";

export const status: CommandSpec = {
  path: ["status"],
  summary: "say what runs",
  description: `Says whether the platform runs, since when and where, how its parts are, and how many tenants it has.
Exit status 0 while it runs, 1 while it does not.`,
  arguments: [],
  options: [],
  examples: [
    { line: "tenantry status", does: "for a person" },
    { line: "tenantry status --json", does: "for a script" },
  ],
  run: async (input, terminal) => {
    const { runStatus } = await import("../run/status.ts");
    await runStatus(input, terminal);
  },
};
