import { suspendTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { runLifecycle } from "./tenant-lifecycle.ts";

export async function runTenantSuspend(input: CommandInput, terminal: Terminal): Promise<void> {
  const tenant = input.argument("tenant") ?? "";
  const request = { config: input.config, tenant, reason: input.text("reason") };
  await runLifecycle(
    terminal,
    () => `${tenant} is suspended`,
    (ports) => suspendTenant(request, ports),
  );
}
