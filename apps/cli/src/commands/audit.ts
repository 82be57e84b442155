import type { CommandSpec } from "../command.ts";

export const audit: CommandSpec = {
  path: ["audit"],
  summary: "show who did what",
  description: `Shows the audit trail, the newest first: of a tenant, or without one of those who run the platform.`,
  arguments: [
    { name: "tenant", summary: "its id, such as acme-corp", required: false, completes: "nothing" },
  ],
  options: [
    {
      name: "limit",
      summary: "how many, 1 to 200 (default: 50)",
      value: { kind: "text", placeholder: "number", completes: "nothing" },
    },
  ],
  examples: [
    { line: "tenantry audit", does: "what operators did" },
    { line: "tenantry audit acme-corp", does: "what was done in a tenant" },
  ],
  run: async (input, terminal) => {
    const { runAudit } = await import("../run/audit.ts");
    await runAudit(input, terminal);
  },
};
