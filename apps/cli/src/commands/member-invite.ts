import type { CommandSpec } from "../command.ts";

export const memberInvite: CommandSpec = {
  path: ["member", "invite"],
  summary: "invite somebody into a tenant",
  description: `Invites somebody into a tenant and prints the token of the invitation, once. Send it to the person: whoever has it
chooses a password and is a member. It is valid for seven days.`,
  arguments: [
    { name: "tenant", summary: "its id, such as acme-corp", required: true, completes: "nothing" },
    { name: "email", summary: "the mail address", required: true, completes: "nothing" },
  ],
  options: [
    {
      name: "role",
      summary: "owner, admin, member, viewer, or a role of the tenant's own (default: member)",
      value: { kind: "text", placeholder: "role", completes: "nothing" },
    },
  ],
  examples: [
    { line: "tenantry member invite acme-corp ada@example.com --role owner", does: "the first owner" },
  ],
  run: async (input, terminal) => {
    const { runMemberInvite } = await import("../run/member-invite.ts");
    await runMemberInvite(input, terminal);
  },
};
