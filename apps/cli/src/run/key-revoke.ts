import { revokeApiKey } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** What was revoked; with --json `{ apiKey: { id, name, … } }`. */
export async function runKeyRevoke(input: CommandInput, terminal: Terminal): Promise<void> {
  const request = {
    config: input.config,
    tenant: input.argument("tenant") ?? "",
    key: input.argument("key") ?? "",
  };
  const { apiKey } = await revokeApiKey(request, systemPorts());
  if (terminal.json) terminal.document({ apiKey });
  else terminal.out(`${apiKey.name} (${apiKey.prefix}) is revoked`);
}
