import { listMembers } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** A table; with --json `{ members: [{ id, email, … }], invitations: [{ id, email, … }] }`. */
export async function runMemberList(input: CommandInput, terminal: Terminal): Promise<void> {
  const tenant = input.argument("tenant") ?? "";
  const { members, invitations } = await listMembers({ config: input.config, tenant }, systemPorts());
  if (terminal.json) {
    terminal.document({ members, invitations });
    return;
  }
  if (members.length === 0 && invitations.length === 0) {
    terminal.progress(
      `no members yet; \`tenantry member invite ${tenant} <email> --role owner\` invites the first`,
    );
    return;
  }
  const rows = [
    ...members.map(({ email, name, role, status }) => [email, name, role, status]),
    ...invitations.map(({ email, role, expiresAt }) => [email, "", role, `invited until ${expiresAt}`]),
  ];
  for (const line of formatTable(["member", "name", "role", "status"], rows)) terminal.out(line);
}
