import type { CommandSpec } from "../command.ts";

export const tenantList: CommandSpec = {
  path: ["tenant", "list"],
  summary: "list all tenants",
  description: "Lists the tenants of the running platform in the order of their ids, all pages of them.",
  arguments: [],
  options: [],
  examples: [
    { line: "tenantry tenant list", does: "a table" },
    { line: "tenantry tenant list --json", does: "everything that is known of each" },
  ],
  run: async (input, terminal) => {
    const { runTenantList } = await import("../run/tenant-list.ts");
    await runTenantList(input, terminal);
  },
};
