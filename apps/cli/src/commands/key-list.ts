import type { CommandSpec } from "../command.ts";

export const keyList: CommandSpec = {
  path: ["key", "list"],
  summary: "list the API keys of a tenant",
  description: `Lists the API keys of a tenant. Nobody can see the keys themselves again.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [],
  examples: [{ line: "tenantry key list acme-corp", does: "all keys" }],
  run: async (input, terminal) => {
    const { runKeyList } = await import("../run/key-list.ts");
    await runKeyList(input, terminal);
  },
};
