import type { CommandSpec } from "../command.ts";

export const logs: CommandSpec = {
  path: ["logs"],
  summary: "show the log of the platform",
  description: `Shows the last lines of the platform's log: every request with its tenant, route, status and time, and what failed.
With --json each line is the JSON that was written.`,
  arguments: [],
  options: [
    {
      name: "tenant",
      summary: "only what has to do with this tenant",
      value: { kind: "text", placeholder: "tenant", completes: "nothing" },
    },
    {
      name: "service",
      summary: "the output of one of the definition's own services instead",
      value: { kind: "text", placeholder: "name", completes: "nothing" },
    },
    {
      name: "lines",
      summary: "how many of the last lines, 0 to 100000 (default: 100)",
      value: { kind: "text", placeholder: "number", completes: "nothing" },
    },
    { name: "follow", summary: "go on with what is written, until Ctrl-C", value: { kind: "flag" } },
  ],
  examples: [
    { line: "tenantry logs", does: "the last hundred lines" },
    { line: "tenantry logs --tenant acme-corp --follow", does: "what happens at a tenant" },
    { line: "tenantry logs --json | jq 'select(.status >= 500)'", does: "what failed" },
  ],
  run: async (input, terminal) => {
    const { runLogs } = await import("../run/logs.ts");
    await runLogs(input, terminal);
  },
};
