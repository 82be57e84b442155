import { moveTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { runLifecycle } from "./tenant-lifecycle.ts";

export async function runTenantMove(input: CommandInput, terminal: Terminal): Promise<void> {
  const tenant = input.argument("tenant") ?? "";
  const request = { config: input.config, tenant, tier: requireTier(input) };
  await runLifecycle(
    terminal,
    () => `${tenant} is on the tier ${request.tier}`,
    (ports) => moveTenant(request, ports),
  );
}

function requireTier(input: CommandInput): string {
  const tier = input.text("tier");
  if (tier === undefined)
    throw errors.CLI_OPTION_MISSING({
      option: "--tier",
      usage: "tenantry tenant move <tenant> --tier <tier>",
    });
  return tier;
}
