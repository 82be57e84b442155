import type { CommandSpec } from "../command.ts";

export const operationCancel: CommandSpec = {
  path: ["operation", "cancel"],
  summary: "end an operation that waits",
  description: `Ends an operation that waits, such as a removal in its grace period; what it had done is undone.`,
  arguments: [{ name: "operation", summary: "its id", required: true, completes: "nothing" }],
  options: [],
  examples: [
    { line: "tenantry operation cancel 0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37", does: "the tenant stays" },
  ],
  run: async (input, terminal) => {
    const { runOperationCancel } = await import("../run/operation-cancel.ts");
    await runOperationCancel(input, terminal);
  },
};
