import { listAuditEvents } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import { systemPorts } from "../ports.ts";
import { formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const limitMax = 200;

/** A table; with --json `{ events: [{ id, occurredAt, actor, action, target }] }`. */
export async function runAudit(input: CommandInput, terminal: Terminal): Promise<void> {
  const limit = limitOf(input.text("limit") ?? "50");
  const request = { config: input.config, tenant: input.argument("tenant"), limit };
  const { events } = await listAuditEvents(request, systemPorts());
  if (terminal.json) {
    terminal.document({ events });
    return;
  }
  if (events.length === 0) {
    terminal.progress("nothing was done yet");
    return;
  }
  const rows = events.map(({ occurredAt, actor, action, target }) => [occurredAt, actor, action, target]);
  for (const line of formatTable(["when", "who", "what", "to"], rows)) terminal.out(line);
}

function limitOf(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limitMax) {
    throw errors.CLI_OPTION_VALUE({
      option: "--limit",
      value: text,
      expected: `a number from 1 to ${limitMax}`,
    });
  }
  return limit;
}
