import { exportTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { operationPorts } from "./operation-progress.ts";

/** The file; with --json `{ operation, file, sizeBytes, sha256 }`. */
export async function runTenantExport(input: CommandInput, terminal: Terminal): Promise<void> {
  const request = {
    config: input.config,
    tenant: input.argument("tenant") ?? "",
    out: input.text("out"),
  };
  const result = await exportTenant(request, operationPorts(terminal));
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  terminal.out(`wrote ${result.file}`);
  terminal.out(`  size    ${result.sizeBytes} bytes`);
  terminal.out(`  sha256  ${result.sha256}`);
}
