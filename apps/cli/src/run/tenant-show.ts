import { showTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { tenantLines } from "./tenant-lines.ts";

/** One tenant; with --json `{ tenant: { id, tier, … } }`. */
export async function runTenantShow(input: CommandInput, terminal: Terminal): Promise<void> {
  const environment = input.text("environment");
  if (environment !== undefined) {
    const { showOnAws } = await import("../deployment/tenants-on-aws.ts");
    return showOnAws(environment, input, terminal);
  }
  const request = { config: input.config, tenant: input.argument("tenant") ?? "" };
  const { tenant } = await showTenant(request, systemPorts());
  if (terminal.json) terminal.document({ tenant });
  else for (const line of tenantLines(tenant)) terminal.out(line);
}
