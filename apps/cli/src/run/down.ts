import { down } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { formatDuration } from "../up/progress.ts";

/** With --json: `{ outcome: "stopped" | "was-not-running", config, durationMs }`. */
export async function runDown(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts((event) => {
    if (event.code === "TOOLKIT_STOPPING") terminal.progress(`stopping … waits for ${event.waitingFor}`);
    if (event.code === "TOOLKIT_NOTICE") terminal.progress(event.notice);
  });
  const result = await down({ config: input.config }, ports);
  if (terminal.json) terminal.document(result);
  else if (result.outcome === "was-not-running") terminal.out("nothing was running");
  else terminal.out(`stopped in ${formatDuration(result.durationMs)}; data stay`);
}
