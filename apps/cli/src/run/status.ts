import { selectionFrom, status } from "@tenantry/toolkit";
import { asTyped } from "../as-typed.ts";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { formatPairs } from "../up/screen.ts";

/** Exit status 0 while it runs, 1 while it does not. With --json: what the action returns. */
export async function runStatus(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts();
  const result = await status({ config: input.config }, ports);
  if (result.state !== "running") process.exitCode = 1;
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  if (result.state === "stopped") {
    const start = `\`tenantry up${await selectionFrom(result.config, ports)}\``;
    terminal.out(`${result.what} is not running; ${asTyped(start, process.env)} starts it`);
    return;
  }
  if (result.state === "busy") {
    terminal.out(`${result.what} is starting or stopping`);
    return;
  }
  const { paint } = terminal;
  terminal.out(
    `${paint("bold", result.platform)} ${result.environment} has been running since ${result.startedAt}`,
  );
  const health = (isHealthy: boolean, text: string) => `${paint(isHealthy ? "green" : "red", text)}`;
  const lines = formatPairs([
    ["gateway", `${result.gateway.url}  ${health(result.gateway.health === "ready", result.gateway.health)}`],
    [
      "control plane",
      `${result.control.url}  ${health(result.control.health === "ready", result.control.health)}`,
    ],
    ["database", result.database],
    ["tenants", result.tenantCount === null ? "unknown" : String(result.tenantCount)],
    ...result.services.map(
      ({ name, state, detail }) =>
        [`service ${name}`, `${detail}  ${health(state !== "failing", state)}`] as const,
    ),
    ["data", result.dataFolder],
    ["process", String(result.pid)],
  ]);
  for (const line of lines) terminal.out(line.slice(2));
}
