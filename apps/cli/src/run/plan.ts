import { resolve } from "node:path";
import { plan } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { artifactsOf, cloudPorts, partOf } from "../deployment/open-deployment.ts";
import { planLines } from "../deployment/plan-lines.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** With --json: the plan. */
export async function runPlan(input: CommandInput, terminal: Terminal): Promise<void> {
  const onEvent = () => undefined;
  const ports = input.flag("offline") ? { ...systemPorts(onEvent), cloud: null } : await cloudPorts(onEvent);
  const artifacts = await artifactsOf(input, ports);
  const out = input.text("out");
  const file = out === undefined ? undefined : resolve(ports.cwd, out);
  const made = await plan({ artifacts, out: file, part: partOf(input) }, ports);
  if (terminal.json) terminal.document(made);
  else for (const line of planLines(made, terminal.paint)) terminal.out(line);
  if (out !== undefined) terminal.progress(`wrote ${out}`);
}
