import type { CommandSpec } from "../command.ts";

export const memberChange: CommandSpec = {
  path: ["member", "change"],
  summary: "give a member another role, or suspend it",
  description: `Gives a member another role, suspends it, or lets it in again. What a suspended member has signed in to ends.`,
  arguments: [
    { name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" },
    { name: "member", summary: "the mail address, or the id", required: true, completes: "nothing" },
  ],
  options: [
    {
      name: "role",
      summary: "owner, admin, member, viewer, or a role of the tenant's own",
      value: { kind: "text", placeholder: "role", completes: "nothing" },
    },
    {
      name: "status",
      summary: "active or suspended",
      value: { kind: "choice", placeholder: "status", choices: ["active", "suspended"] },
    },
  ],
  examples: [
    { line: "tenantry member change acme-corp ada@example.com --role admin", does: "another role" },
    { line: "tenantry member change acme-corp ada@example.com --status suspended", does: "shut out" },
  ],
  run: async (input, terminal) => {
    const { runMemberChange } = await import("../run/member-change.ts");
    await runMemberChange(input, terminal);
  },
};
