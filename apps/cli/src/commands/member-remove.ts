import type { CommandSpec } from "../command.ts";

export const memberRemove: CommandSpec = {
  path: ["member", "remove"],
  summary: "remove a member from a tenant",
  description: `Removes a member. What it has signed in to ends at once.`,
  arguments: [
    { name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" },
    { name: "member", summary: "the mail address, or the id", required: true, completes: "nothing" },
  ],
  options: [],
  examples: [{ line: "tenantry member remove acme-corp ada@example.com", does: "gone" }],
  run: async (input, terminal) => {
    const { runMemberRemove } = await import("../run/member-remove.ts");
    await runMemberRemove(input, terminal);
  },
};
