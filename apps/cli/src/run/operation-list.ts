import { listOperations } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** A table; with --json `{ operations: [{ id, kind, tenant, state, steps, … }] }`. */
export async function runOperationList(input: CommandInput, terminal: Terminal): Promise<void> {
  const request = { config: input.config, tenant: input.argument("tenant") };
  const { operations } = await listOperations(request, systemPorts());
  if (terminal.json) {
    terminal.document({ operations });
    return;
  }
  if (operations.length === 0) {
    terminal.progress("no operations yet");
    return;
  }
  const rows = operations.map(({ id, kind, tenant, state, createdAt }) => [
    createdAt,
    kind,
    tenant,
    state,
    id,
  ]);
  for (const line of formatTable(["begun", "operation", "tenant", "state", "id"], rows)) terminal.out(line);
}
