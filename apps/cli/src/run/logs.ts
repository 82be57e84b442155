import { type LogLine, readLogs } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { formatDuration } from "../up/progress.ts";

const linesMax = 100_000;

/** Lines for a person; with --json the lines as they were written. */
export async function runLogs(input: CommandInput, terminal: Terminal): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  void terminal.readerGone.then(() => stop.abort());
  const request = {
    config: input.config,
    tenant: input.text("tenant"),
    service: input.text("service"),
    lines: linesOf(input.text("lines") ?? "100"),
    follow: input.flag("follow"),
    signal: stop.signal,
  };
  for await (const line of readLogs(request, systemPorts())) {
    terminal.out(terminal.json ? line.text : humanLine(line, terminal));
    if (stop.signal.aborted) break;
  }
}

function linesOf(text: string): number {
  const lines = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (lines < 0 || lines > linesMax) {
    throw errors.CLI_OPTION_VALUE({
      option: "--lines",
      value: text,
      expected: `a number from 0 to ${linesMax}`,
    });
  }
  return lines;
}

/** `2026-01-31T12:00:00.000Z  acme-corp  GET /v2/tenant  200  1.2 ms`, and why where it was refused. */
function humanLine({ text, fields }: LogLine, { paint }: Pick<Terminal, "paint">): string {
  if (fields === null) return text;
  const { time, tenant, method, route, status, durationMs, problem, reason, msg } = fields;
  const when = paint("dim", String(time ?? ""));
  if (typeof status !== "number") return [when, tenant ?? "-", msg ?? text].join("  ");
  const style = status >= 500 ? "red" : status >= 400 ? "yellow" : "green";
  const took = typeof durationMs === "number" ? formatDuration(durationMs) : "";
  const why = [problem, reason].filter((word) => typeof word === "string").join(": ");
  return [
    when,
    tenant ?? "-",
    `${String(method ?? "-")} ${String(route ?? "")}`,
    paint(style, String(status)),
    took,
    why,
  ]
    .filter((word) => word !== "")
    .join("  ");
}
