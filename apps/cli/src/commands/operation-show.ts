import type { CommandSpec } from "../command.ts";

export const operationShow: CommandSpec = {
  path: ["operation", "show"],
  summary: "show the steps of an operation",
  description: `Shows one operation: its steps, how long each took, and why it failed.`,
  arguments: [{ name: "operation", summary: "its id", required: true, completes: "nothing" }],
  options: [],
  examples: [{ line: "tenantry operation show 0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37", does: "one operation" }],
  run: async (input, terminal) => {
    const { runOperationShow } = await import("../run/operation-show.ts");
    await runOperationShow(input, terminal);
  },
};
