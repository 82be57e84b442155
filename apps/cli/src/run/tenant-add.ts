import { addTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { tenantLines } from "./tenant-lines.ts";

/** The new tenant; with --json `{ tenant: { id, … }, outcome: "added" | "was-there" }`. */
export async function runTenantAdd(input: CommandInput, terminal: Terminal): Promise<void> {
  const { tenant, outcome } = await addTenant(
    { config: input.config, tenant: input.argument("tenant") ?? "", tier: input.text("tier") },
    systemPorts(),
  );
  if (terminal.json) {
    terminal.document({ tenant, outcome });
    return;
  }
  terminal.out(outcome === "added" ? `${tenant.id} is added` : `${tenant.id} was there already`);
  for (const line of tenantLines(tenant).slice(1)) terminal.out(line);
}
