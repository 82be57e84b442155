import { showOperation } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { operationLines } from "./operation-lines.ts";

/** Its steps; with --json `{ operation: { id, kind, state, steps, … } }`. */
export async function runOperationShow(input: CommandInput, terminal: Terminal): Promise<void> {
  const request = { config: input.config, id: input.argument("operation") ?? "" };
  const { operation } = await showOperation(request, systemPorts());
  if (terminal.json) terminal.document({ operation });
  else for (const line of operationLines(operation, terminal)) terminal.out(line);
}
