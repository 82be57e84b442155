import type { CommandSpec } from "../command.ts";

export const tenantSuspend: CommandSpec = {
  path: ["tenant", "suspend"],
  summary: "shut a tenant out, keep its data",
  description: `Shuts a tenant out at once: its address answers 403, its tokens and keys do nothing. Its data stay as they are.
"tenantry tenant resume" lets it in again.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [
    {
      name: "reason",
      summary: "why, for the audit trail",
      value: { kind: "text", placeholder: "text", completes: "nothing" },
    },
  ],
  examples: [
    { line: "tenantry tenant suspend acme-corp", does: "at once" },
    { line: 'tenantry tenant suspend acme-corp --reason "invoice unpaid"', does: "with a reason" },
  ],
  run: async (input, terminal) => {
    const { runTenantSuspend } = await import("../run/tenant-suspend.ts");
    await runTenantSuspend(input, terminal);
  },
};
