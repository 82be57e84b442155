import { displayPath, synth } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** With --json: the result of `synth`, whose folder is an absolute path. */
export async function runSynth(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts();
  const environment = input.argument("environment") ?? "";
  const result = await synth({ config: input.config, environment, out: input.text("out") }, ports);
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const rows = [
    ...result.stacks.map(({ id, region, resources }) => [id, region, String(resources), ""]),
    ...result.tenantTemplates.map(({ tier, region, resources, tenants }) => [
      `tenant-${tier}`,
      region,
      String(resources),
      String(tenants),
    ]),
  ];
  for (const line of formatTable(["stack", "region", "resources", "tenants"], rows)) terminal.out(line);
  const folder = displayPath(result.folder, ports.cwd);
  terminal.progress(
    result.changed === 0 ? `${folder} is up to date` : `wrote ${result.changed} files to ${folder}`,
  );
}
