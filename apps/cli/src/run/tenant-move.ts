import { moveTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { runLifecycle } from "./tenant-lifecycle.ts";
import { requireEnvironmentFor } from "./require-environment-for.ts";

export async function runTenantMove(input: CommandInput, terminal: Terminal): Promise<void> {
  const environment = input.text("environment");
  if (environment !== undefined) {
    const { moveOnAws } = await import("../deployment/tenants-on-aws.ts");
    return moveOnAws(environment, requireTier(input), input, terminal);
  }
  requireEnvironmentFor(
    input,
    { texts: ["allow"], flags: ["take-over-lock", "yes"] },
    "tenantry tenant move <tenant> --tier <tier> --environment <name>",
  );
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
