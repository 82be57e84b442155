import { resumeTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { runLifecycle } from "./tenant-lifecycle.ts";

export async function runTenantResume(input: CommandInput, terminal: Terminal): Promise<void> {
  const tenant = input.argument("tenant") ?? "";
  const request = { config: input.config, tenant };
  await runLifecycle(
    terminal,
    () => `${tenant} is active again`,
    (ports) => resumeTenant(request, ports),
  );
}
