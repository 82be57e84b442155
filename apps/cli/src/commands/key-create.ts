import type { CommandSpec } from "../command.ts";

export const keyCreate: CommandSpec = {
  path: ["key", "create"],
  summary: "make an API key",
  description: `Makes an API key and prints it, once: only its hash is kept. It may do what is named, and nothing else.`,
  arguments: [
    { name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" },
    { name: "name", summary: "what it is for", required: true, completes: "nothing" },
  ],
  options: [
    {
      name: "permissions",
      summary: "what it may do, with commas (default: documents:read)",
      value: { kind: "text", placeholder: "list", completes: "nothing" },
    },
    {
      name: "expires",
      summary: "when it ends, 1d to 365d (default: 90d)",
      value: { kind: "text", placeholder: "days", completes: "nothing" },
    },
  ],
  examples: [
    { line: "tenantry key create acme-corp reports", does: "a key that reads documents" },
    {
      line: "tenantry key create acme-corp sync --permissions documents:read,documents:write --expires 30d",
      does: "one that writes, for a month",
    },
  ],
  run: async (input, terminal) => {
    const { runKeyCreate } = await import("../run/key-create.ts");
    await runKeyCreate(input, terminal);
  },
};
