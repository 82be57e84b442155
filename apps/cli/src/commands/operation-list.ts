import type { CommandSpec } from "../command.ts";

export const operationList: CommandSpec = {
  path: ["operation", "list"],
  summary: "list what was done to tenants",
  description: `Lists the latest operations on tenants, the newest first: onboarding, moving, exporting, removing.`,
  arguments: [
    { name: "tenant", summary: "only those of this tenant", required: false, completes: "nothing" },
  ],
  options: [],
  examples: [
    { line: "tenantry operation list", does: "of all tenants" },
    { line: "tenantry operation list acme-corp", does: "of one" },
  ],
  run: async (input, terminal) => {
    const { runOperationList } = await import("../run/operation-list.ts");
    await runOperationList(input, terminal);
  },
};
