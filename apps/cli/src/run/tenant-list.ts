import { listTenants } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** A table; with --json `{ tenants: [{ id, tier, isolation, status, url, … }] }`. */
export async function runTenantList(input: CommandInput, terminal: Terminal): Promise<void> {
  const environment = input.text("environment");
  if (environment !== undefined) {
    const { listOnAws } = await import("../deployment/tenants-on-aws.ts");
    return listOnAws(environment, input, terminal);
  }
  const { tenants } = await listTenants({ config: input.config }, systemPorts());
  if (terminal.json) {
    terminal.document({ tenants });
    return;
  }
  if (tenants.length === 0) {
    terminal.progress("no tenants yet");
    return;
  }
  const rows = tenants.map(({ id, tier, isolation, status, url }) => [id, tier, isolation, status, url]);
  for (const line of formatTable(["tenant", "tier", "isolation", "status", "address"], rows))
    terminal.out(line);
}
