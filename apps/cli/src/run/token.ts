import { issueTenantToken } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** Only the token on stdout; with --json `{ token, tenant, role, subject, expiresAt, url }`. */
export async function runToken(input: CommandInput, terminal: Terminal): Promise<void> {
  const result = await issueTenantToken(
    {
      config: input.config,
      tenant: input.argument("tenant") ?? "",
      role: input.text("role") ?? "owner",
      ttl: input.text("ttl") ?? "8h",
      subject: input.text("subject"),
    },
    systemPorts(),
  );
  if (terminal.json) terminal.document(result);
  else terminal.out(result.token);
}
