import {
  addTenantOnAws,
  listTenantsOnAws,
  moveTenantOnAws,
  planTenantMoveOnAws,
  removeTenantOnAws,
  showTenantOnAws,
  type TenantChangeRequest,
  type TenantOnAws,
  type TenantsOnAwsPorts,
  type ToolkitEvent,
} from "@tenantry/toolkit";
import { systemClock } from "@tenantry/base";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { deploymentFacts } from "./deployment-facts.ts";
import { deploymentProgress } from "./deployment-progress.ts";
import { allowed, cloudPorts } from "./open-deployment.ts";
import { planLines } from "./plan-lines.ts";
import { stopSignal } from "./stop-signal.ts";

/** With --json `{ tenant: { id, … }, outcome: "added" | "was-there" }`. */
export async function addOnAws(environment: string, input: CommandInput, terminal: Terminal): Promise<void> {
  const result = await change(environment, input, terminal, (request, ports) =>
    addTenantOnAws({ ...request, tier: input.text("tier") }, ports),
  );
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const { tenant, outcome } = result;
  terminal.out(outcome === "added" ? `${tenant.id} is added` : `${tenant.id} was there already`);
  for (const line of tenantLines(tenant).slice(1)) terminal.out(line);
}

/** Asks first, unless --yes; with --json `{ tenant, kept, sharedStores }`. */
export async function removeOnAws(
  environment: string,
  input: CommandInput,
  terminal: Terminal,
): Promise<void> {
  for (const option of ["grace-days", "out", "without-export"]) {
    if (option === "without-export" ? !input.flag(option) : input.text(option) === undefined) continue;
    const reason = "in AWS nothing is exported, and the stacks are deleted at once";
    throw errors.CLI_OPTION_CONFLICT({ option: `--${option}`, other: "--environment", reason });
  }
  const tenant = input.argument("tenant") ?? "";
  await confirm(
    `removing ${tenant} from ${environment}`,
    `Delete the stacks of ${tenant} in ${environment}?`,
    input,
    terminal,
  );
  const result = await change(environment, input, terminal, removeTenantOnAws);
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  terminal.out(`${tenant} is gone from ${environment}`);
  if (result.sharedStores.length > 0)
    terminal.out(`  what it had in stores that tenants share stays there: ${result.sharedStores.join(", ")}`);
  for (const { type, physicalId, region, as, wayTo } of result.kept) {
    terminal.out(
      `  AWS keeps ${as === "snapshot" ? "a snapshot of " : ""}${type} ${physicalId} in ${region}`,
    );
    terminal.out(`    ${wayTo}`);
  }
}

/** Shows the plan and asks, unless --yes; with --json `{ tenant: { id, … }, outcome: "moved" | "was-there" }`. */
export async function moveOnAws(
  environment: string,
  tier: string,
  input: CommandInput,
  terminal: Terminal,
): Promise<void> {
  const tenantId = input.argument("tenant") ?? "";
  const request = { config: input.config, environment, tenant: tenantId, tier };
  const ports = await cloudPorts((event) => warn(event, terminal));
  const plan = await planTenantMoveOnAws(request, ports);
  if (plan.tenants.some(({ action }) => action !== "unchanged")) {
    for (const line of planLines(plan, terminal.paintError)) terminal.progress(line);
    const question = `Move ${tenantId} to ${tier} in account ${plan.account ?? "?"}?`;
    await confirm(`moving ${tenantId} to ${tier}`, question, input, terminal);
  }
  const result = await change(environment, input, terminal, (changing, changingPorts) =>
    moveTenantOnAws({ ...changing, tier, plan }, changingPorts),
  );
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const { tenant, outcome } = result;
  terminal.out(
    `${tenant.id} ${outcome === "moved" ? "is" : "was"} on the tier ${tenant.tier}${outcome === "moved" ? "" : " already"}`,
  );
  for (const line of tenantLines(tenant).slice(1)) terminal.out(line);
}

/** A table; with --json `{ tenants: [{ id, tier, cell, slot, status, url, declared, template, stacks }] }`. */
export async function listOnAws(environment: string, input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = await cloudPorts(() => undefined);
  const { tenants } = await listTenantsOnAws({ config: input.config, environment }, ports);
  if (terminal.json) {
    terminal.document({ tenants });
    return;
  }
  if (tenants.length === 0) {
    terminal.progress(`no tenants in ${environment} yet`);
    return;
  }
  const rows = tenants.map((tenant) => [
    tenant.id,
    tenant.tier,
    placeOf(tenant),
    tenant.status,
    tenant.template ?? "-",
    tenant.declared ? "declared" : "added",
    tenant.url ?? "-",
  ]);
  const head = ["tenant", "tier", "cell/slot", "status", "template", "origin", "address"];
  for (const line of formatTable(head, rows)) terminal.out(line);
}

/** With --json `{ tenant: { id, tier, … } }`. */
export async function showOnAws(environment: string, input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = await cloudPorts(() => undefined);
  const request = { config: input.config, environment, tenant: input.argument("tenant") ?? "" };
  const { tenant } = await showTenantOnAws(request, ports);
  if (terminal.json) terminal.document({ tenant });
  else for (const line of tenantLines(tenant)) terminal.out(line);
}

/** Runs what changes a tenant, with its progress; Ctrl-C lets it end after what CloudFormation works on. */
async function change<T>(
  environment: string,
  input: CommandInput,
  terminal: Terminal,
  act: (request: TenantChangeRequest, ports: TenantsOnAwsPorts) => Promise<T>,
): Promise<T> {
  const progress = deploymentProgress(terminal, systemClock);
  const ports = await cloudPorts((event) => {
    warn(event, terminal);
    progress.onEvent(event);
  });
  using stop = stopSignal(() => terminal.progress("  stopping after what CloudFormation works on now …"));
  const request = {
    config: input.config,
    environment,
    tenant: input.argument("tenant") ?? "",
    allow: allowed(input),
    deployment: await deploymentFacts(process.env, ports.cwd),
    takeOverLock: input.flag("take-over-lock"),
    signal: stop.signal,
  };
  try {
    return await act(request, ports);
  } finally {
    progress.end();
  }
}

function warn(event: ToolkitEvent, terminal: Terminal): void {
  if (event.code !== "TOOLKIT_WARNING") return;
  terminal.progress(`  ${terminal.paintError("yellow", "!")} ${event.warning}`);
}

async function confirm(
  what: string,
  question: string,
  input: CommandInput,
  terminal: Terminal,
): Promise<void> {
  if (input.flag("yes")) return;
  if (!terminal.isAsking) throw errors.CLI_CONFIRMATION_NEEDED({ what });
  if (!(await terminal.confirm(question))) throw errors.CLI_DECLINED({ what });
}

function tenantLines(tenant: TenantOnAws): readonly string[] {
  const { id, tier, status, url, declared, template, stacks } = tenant;
  return [
    id,
    `  address    ${url ?? "-"}`,
    `  tier       ${tier}`,
    `  placement  ${placeOf(tenant)}`,
    `  status     ${status}`,
    `  template   ${template ?? "-"}`,
    `  origin     ${declared ? "declared in the definition" : "added by command"}`,
    ...stacks.map(({ region, stackName, status: of }) => `  stack      ${stackName} in ${region}, ${of}`),
  ];
}

function placeOf({ cell, slot }: TenantOnAws): string {
  return cell === null || slot === null ? "-" : `${cell}/${slot}`;
}
