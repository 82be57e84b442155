import { createApiKey } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** The key alone on stdout, so that it can be piped; with --json `{ apiKey, key }`. */
export async function runKeyCreate(input: CommandInput, terminal: Terminal): Promise<void> {
  const result = await createApiKey(
    {
      config: input.config,
      tenant: input.argument("tenant") ?? "",
      name: input.argument("name") ?? "",
      permissions: (input.text("permissions") ?? "documents:read").split(",").map((one) => one.trim()),
      expires: input.text("expires"),
    },
    systemPorts(),
  );
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const { apiKey } = result;
  const until = apiKey.expiresAt === null ? "" : ` until ${apiKey.expiresAt}`;
  terminal.progress(`${apiKey.name} may ${apiKey.permissions.join(", ")}${until}; the key is shown only now`);
  terminal.out(result.key);
}
