import type { CommandSpec } from "../command.ts";

export const keyRevoke: CommandSpec = {
  path: ["key", "revoke"],
  summary: "end an API key",
  description: `Ends an API key at once. It stays in the list, as revoked.`,
  arguments: [
    { name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" },
    { name: "key", summary: "its id, its prefix, or its name", required: true, completes: "nothing" },
  ],
  options: [],
  examples: [{ line: "tenantry key revoke acme-corp reports", does: "it opens nothing any more" }],
  run: async (input, terminal) => {
    const { runKeyRevoke } = await import("../run/key-revoke.ts");
    await runKeyRevoke(input, terminal);
  },
};
