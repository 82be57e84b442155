import { exportTenant, parseGraceDays, removeTenant, type TenantLifecycleResult } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { operationPorts } from "./operation-progress.ts";
import { requireEnvironmentFor } from "./require-environment-for.ts";

const graceDaysDefault = "30";

/** Asks first, unless --yes; with --json `{ tenant, operation, export }`, the tenant null once it is gone. */
export async function runTenantRemove(input: CommandInput, terminal: Terminal): Promise<void> {
  const environment = input.text("environment");
  if (environment !== undefined) {
    const { removeOnAws } = await import("../deployment/tenants-on-aws.ts");
    return removeOnAws(environment, input, terminal);
  }
  requireEnvironmentFor(
    input,
    { texts: ["allow"], flags: ["take-over-lock"] },
    "tenantry tenant remove <tenant> --environment <name>",
  );
  const tenant = input.argument("tenant") ?? "";
  const graceDays = parseGraceDays(input.text("grace-days") ?? graceDaysDefault);
  if (!input.flag("yes")) await confirm(tenant, graceDays, terminal);
  const exported = input.flag("without-export") ? null : await exportFirst(input, tenant, terminal);
  const result = await removeTenant({ config: input.config, tenant, graceDays }, operationPorts(terminal));
  if (terminal.json) {
    terminal.document({ ...result, export: exported });
    return;
  }
  terminal.out(headlineOf(tenant, graceDays, result));
}

/** The bundle is in the user's hands before anything is deleted. A tenant that is shut out already was exported then. */
async function exportFirst(
  input: CommandInput,
  tenant: string,
  terminal: Terminal,
): Promise<{ readonly file: string; readonly sha256: string }> {
  const request = { config: input.config, tenant, out: input.text("out") };
  const { file, sha256 } = await exportTenant(request, operationPorts(terminal));
  if (!terminal.json) terminal.out(`wrote ${file}`);
  return { file, sha256 };
}

async function confirm(tenant: string, graceDays: number, terminal: Terminal): Promise<void> {
  const what = `removing ${tenant} and all its data`;
  if (!terminal.isAsking) throw errors.CLI_CONFIRMATION_NEEDED({ what });
  const when = graceDays === 0 ? "now" : `in ${graceDays} days`;
  const isMeant = await terminal.confirm(`Shut ${tenant} out now, and delete all its data ${when}?`);
  if (!isMeant) throw errors.CLI_DECLINED({ what });
}

function headlineOf(tenant: string, graceDays: number, { operation }: TenantLifecycleResult): string {
  if (operation.state === "waiting") {
    const until = Date.parse(operation.createdAt) + graceDays * 86_400_000;
    const day = new Date(until).toISOString().slice(0, 10);
    return `${tenant} is shut out; it is deleted on ${day}, unless \`tenantry tenant resume ${tenant}\``;
  }
  return `${tenant} is gone; its certificate is kept`;
}
