import { displayPath, init } from "@tenantry/toolkit";
import { programName } from "../as-typed.ts";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";

/** With --json: `{ config, written }`, absolute paths. */
export async function runInit(input: CommandInput, terminal: Terminal): Promise<void> {
  const folder = input.argument("folder");
  const ports = systemPorts();
  const result = await init(folder === undefined ? {} : { folder }, ports);
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  for (const path of result.written) terminal.out(`wrote ${displayPath(path, ports.cwd)}`);
  const program = programName(process.env);
  terminal.out("");
  terminal.out(folder === undefined ? `next: ${program} up` : `next: cd ${folder} && ${program} up`);
}
