import type { TenantLifecycleResult, ToolkitPorts } from "@tenantry/toolkit";
import type { Terminal } from "../terminal.ts";
import { operationPorts } from "./operation-progress.ts";
import { tenantLines } from "./tenant-lines.ts";

/** Runs an operation on a tenant and says what came of it; with --json `{ tenant, operation }`. */
export async function runLifecycle(
  terminal: Terminal,
  headline: (result: TenantLifecycleResult) => string,
  act: (ports: ToolkitPorts) => Promise<TenantLifecycleResult>,
): Promise<void> {
  const result = await act(operationPorts(terminal));
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  terminal.out(headline(result));
  if (result.tenant !== null) for (const line of tenantLines(result.tenant).slice(1)) terminal.out(line);
}
