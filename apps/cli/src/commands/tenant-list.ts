import type { CommandSpec } from "../command.ts";
import { environmentOption } from "./environment-option.ts";

export const tenantList: CommandSpec = {
  path: ["tenant", "list"],
  summary: "list all tenants",
  description: `Lists the tenants of the running platform in the order of their ids, all pages of them. With --environment those of an
environment in AWS, from their stacks in all its regions: declared or added by command, and whether their template is behind.`,
  arguments: [],
  options: [environmentOption],
  examples: [
    { line: "tenantry tenant list", does: "a table" },
    { line: "tenantry tenant list --json", does: "everything that is known of each" },
    { line: "tenantry tenant list --environment production", does: "in AWS" },
  ],
  run: async (input, terminal) => {
    const { runTenantList } = await import("../run/tenant-list.ts");
    await runTenantList(input, terminal);
  },
};
