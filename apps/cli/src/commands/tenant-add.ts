import type { CommandSpec } from "../command.ts";
import { takeOverOption } from "./deployment-options.ts";
import { environmentOption } from "./environment-option.ts";

export const tenantAdd: CommandSpec = {
  path: ["tenant", "add"],
  summary: "add a tenant to the running platform",
  description: `Adds a tenant and waits until its address answers. Nothing else changes and nothing restarts.
The same tenant on the same tier can be added again: the command then says that it is there. With --environment it gets
its own stacks in AWS, in the lowest free slot of a cell that is deployed, and stands in no definition.`,
  arguments: [
    {
      name: "tenant",
      summary: "its id: 3 to 32 lower-case letters, digits and single hyphens, such as umbrella-co",
      required: true,
      completes: "nothing",
    },
  ],
  options: [
    {
      name: "tier",
      summary: "one of the definition's tiers (default: the definition's default tier)",
      value: { kind: "text", placeholder: "tier", completes: "nothing" },
    },
    environmentOption,
    takeOverOption,
  ],
  examples: [
    { line: "tenantry tenant add umbrella-co", does: "on the default tier" },
    { line: "tenantry tenant add umbrella-co --tier silo", does: "with a database of its own" },
    { line: "tenantry tenant add umbrella-co --environment production", does: "in AWS" },
  ],
  run: async (input, terminal) => {
    const { runTenantAdd } = await import("../run/tenant-add.ts");
    await runTenantAdd(input, terminal);
  },
};
