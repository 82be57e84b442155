import { inviteMember } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** The token alone on stdout, so that it can be piped; with --json `{ invitation, token, url }`. */
export async function runMemberInvite(input: CommandInput, terminal: Terminal): Promise<void> {
  const result = await inviteMember(
    {
      config: input.config,
      tenant: input.argument("tenant") ?? "",
      email: input.argument("email") ?? "",
      role: input.text("role") ?? "member",
    },
    systemPorts(),
  );
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const { invitation, url } = result;
  terminal.progress(`${invitation.email} is invited as ${invitation.role} until ${invitation.expiresAt}`);
  terminal.progress(`  accept with: POST ${url}/v2/invitations/accept  {"token", "name", "password"}`);
  terminal.out(result.token);
}
