import { type ApiKeyView, listApiKeys } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** A table; with --json `{ keys: [{ id, name, prefix, permissions, … }] }`. */
export async function runKeyList(input: CommandInput, terminal: Terminal): Promise<void> {
  const tenant = input.argument("tenant") ?? "";
  const { keys } = await listApiKeys({ config: input.config, tenant }, systemPorts());
  if (terminal.json) {
    terminal.document({ keys });
    return;
  }
  if (keys.length === 0) {
    terminal.progress(`no keys yet; \`tenantry key create ${tenant} <name>\` makes one`);
    return;
  }
  const rows = keys.map((key) => [
    key.prefix,
    key.name,
    stateOf(key),
    key.lastUsedAt ?? "never",
    key.permissions.join(","),
  ]);
  for (const line of formatTable(["key", "name", "state", "used", "permissions"], rows)) terminal.out(line);
}

function stateOf({ expiresAt, revokedAt }: ApiKeyView): string {
  if (revokedAt !== null) return "revoked";
  return expiresAt === null ? "active" : `until ${expiresAt}`;
}
