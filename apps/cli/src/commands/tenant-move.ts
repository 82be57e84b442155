import type { CommandSpec } from "../command.ts";
import { allowOption, takeOverOption } from "./deployment-options.ts";
import { environmentOption } from "./environment-option.ts";

export const tenantMove: CommandSpec = {
  path: ["tenant", "move"],
  summary: "move a tenant to another tier",
  description: `Moves a tenant to another tier. Where the tiers isolate differently, its data are copied, compared and switched
over; writes wait for the switch, reads do not. Until then nothing is lost by stopping. With --environment the tenant's stacks in AWS get the
template of the other tier, after the plan was shown; where data would have to move, nothing is done.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [
    {
      name: "tier",
      summary: "the tier that it moves to",
      value: { kind: "text", placeholder: "tier", completes: "nothing" },
    },
    environmentOption,
    allowOption,
    takeOverOption,
    { name: "yes", summary: "in AWS, do not ask whether the plan is meant", value: { kind: "flag" } },
  ],
  examples: [
    { line: "tenantry tenant move acme-corp --tier silo", does: "a database of its own" },
    { line: "tenantry tenant move umbrella-co --tier premium --environment production", does: "in AWS" },
  ],
  run: async (input, terminal) => {
    const { runTenantMove } = await import("../run/tenant-move.ts");
    await runTenantMove(input, terminal);
  },
};
