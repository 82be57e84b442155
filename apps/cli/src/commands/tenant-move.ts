import type { CommandSpec } from "../command.ts";

export const tenantMove: CommandSpec = {
  path: ["tenant", "move"],
  summary: "move a tenant to another tier",
  description: `Moves a tenant to another tier. Where the tiers isolate differently, its data are copied, compared and switched
over; writes wait for the switch, reads do not. Until then nothing is lost by stopping.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [
    {
      name: "tier",
      summary: "the tier that it moves to",
      value: { kind: "text", placeholder: "tier", completes: "nothing" },
    },
  ],
  examples: [{ line: "tenantry tenant move acme-corp --tier silo", does: "a database of its own" }],
  run: async (input, terminal) => {
    const { runTenantMove } = await import("../run/tenant-move.ts");
    await runTenantMove(input, terminal);
  },
};
