import type { CommandSpec } from "../command.ts";

export const memberList: CommandSpec = {
  path: ["member", "list"],
  summary: "list the members of a tenant",
  description: `Lists the members of a tenant, and the invitations that nobody has accepted yet.`,
  arguments: [{ name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" }],
  options: [],
  examples: [{ line: "tenantry member list acme-corp", does: "who is in" }],
  run: async (input, terminal) => {
    const { runMemberList } = await import("../run/member-list.ts");
    await runMemberList(input, terminal);
  },
};
