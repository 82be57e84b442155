import { addTenant } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { tenantLines } from "./tenant-lines.ts";
import { requireEnvironmentFor } from "./require-environment-for.ts";

/** The new tenant; with --json `{ tenant: { id, … }, outcome: "added" | "was-there" }`. */
export async function runTenantAdd(input: CommandInput, terminal: Terminal): Promise<void> {
  const environment = input.text("environment");
  if (environment !== undefined) {
    const { addOnAws } = await import("../deployment/tenants-on-aws.ts");
    return addOnAws(environment, input, terminal);
  }
  requireEnvironmentFor(
    input,
    { flags: ["take-over-lock"] },
    "tenantry tenant add <tenant> --environment <name>",
  );
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
