import { issueControlToken, issueTenantToken } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** Only the token on stdout; with --json `{ token, tenant, role, subject, expiresAt, url }`. */
export async function runToken(input: CommandInput, terminal: Terminal): Promise<void> {
  const control = input.text("control");
  const tenant = input.argument("tenant");
  if (control !== undefined) {
    const request = {
      config: input.config,
      role: control as "operator" | "auditor",
      ttl: input.text("ttl") ?? "8h",
      subject: input.text("subject"),
    };
    const issued = await issueControlToken(request, systemPorts());
    if (terminal.json) terminal.document(issued);
    else terminal.out(issued.token);
    return;
  }
  if (tenant === undefined) {
    throw errors.CLI_ARGUMENT_MISSING({ argument: "tenant", usage: "tenantry token <tenant>" });
  }
  const result = await issueTenantToken(
    {
      config: input.config,
      tenant,
      role: input.text("role") ?? "owner",
      ttl: input.text("ttl") ?? "8h",
      subject: input.text("subject"),
    },
    systemPorts(),
  );
  if (terminal.json) terminal.document(result);
  else terminal.out(result.token);
}
