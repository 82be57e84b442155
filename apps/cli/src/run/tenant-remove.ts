import { parseGraceDays, removeTenant, type TenantLifecycleResult } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { runLifecycle } from "./tenant-lifecycle.ts";

const graceDaysDefault = "30";

/** Asks first, unless --yes; with --json `{ tenant, operation }`, the tenant null once it is gone. */
export async function runTenantRemove(input: CommandInput, terminal: Terminal): Promise<void> {
  const tenant = input.argument("tenant") ?? "";
  const graceDays = parseGraceDays(input.text("grace-days") ?? graceDaysDefault);
  if (!input.flag("yes")) await confirm(tenant, graceDays, terminal);
  await runLifecycle(
    terminal,
    (result) => headlineOf(tenant, result),
    (ports) => removeTenant({ config: input.config, tenant, graceDays }, ports),
  );
}

async function confirm(tenant: string, graceDays: number, terminal: Terminal): Promise<void> {
  const what = `removing ${tenant} and all its data`;
  if (!terminal.isAsking) throw errors.CLI_CONFIRMATION_NEEDED({ what });
  const when = graceDays === 0 ? "now" : `in ${graceDays} days`;
  const isMeant = await terminal.confirm(
    `Shut ${tenant} out now, export it, and delete all its data ${when}?`,
  );
  if (!isMeant) throw errors.CLI_DECLINED({ what });
}

function headlineOf(tenant: string, { operation }: TenantLifecycleResult): string {
  if (operation.state === "waiting") {
    const until = operation.result?.["graceEndsAt"];
    const when = typeof until === "string" ? ` on ${until}` : " when its grace period is over";
    return `${tenant} is shut out and exported; it is deleted${when}, unless \`tenantry tenant resume ${tenant}\``;
  }
  return `${tenant} is gone; its certificate is kept under operation ${operation.id}`;
}
