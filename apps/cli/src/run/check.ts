import { type ReportFormat, reportFormats, type ReportStyle, writeReport } from "@tenantry/assurance/check";
import {
  acceptFinding,
  artifactsFolder,
  check,
  type CheckRequest,
  type ToolkitEvent,
  writeReportFile,
} from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

/** Exit status 0 where everything passes. With --json: the report, as with --format json. */
export async function runCheck(input: CommandInput, terminal: Terminal): Promise<void> {
  const format = formatOf(input, terminal);
  const ports = systemPorts((event) => tellProgress(event, terminal));
  const request: CheckRequest = {
    config: input.config,
    environment: input.argument("environment") ?? "",
    artifacts: input.text("artifacts"),
    baseline: input.text("baseline"),
    database: input.text("database"),
    tool: `tenantry ${version()}`,
  };
  const accept = input.texts("accept");
  if (accept.length > 0) {
    await runAccept({ ...request, accept }, input, terminal, ports);
    return;
  }
  const report = await check(request, ports);
  if (report.outcome === "failed") process.exitCode = 1;
  const out = input.text("out");
  if (out !== undefined) await writeReportFile(report, { ...request, format, out }, ports);
  const shown: ReportFormat = terminal.json ? "json" : out === undefined ? format : "text";
  const folder = artifactsFolder(request, ports);
  terminal.out(writeReport(report, shown, { style: styleOf(terminal), folder }).replace(/\n$/, ""));
}

async function runAccept(
  request: CheckRequest & { readonly accept: readonly string[] },
  input: CommandInput,
  terminal: Terminal,
  ports: ReturnType<typeof systemPorts>,
): Promise<void> {
  const required = (option: string): string => {
    const text = input.text(option)?.trim() ?? "";
    if (text !== "") return text;
    const usage = "tenantry check <environment> --accept <id> --reason <text> --until <date>";
    throw errors.CLI_OPTION_MISSING({ option: `--${option}`, usage });
  };
  const result = await acceptFinding(
    { ...request, reason: required("reason"), until: required("until") },
    ports,
  );
  if (terminal.json) terminal.document(result);
  else
    for (const { id, until } of result.entries)
      terminal.out(`accepted until ${until}, in ${result.baseline}: ${id}`);
}

function formatOf(input: CommandInput, terminal: Terminal): ReportFormat {
  const given = input.text("format");
  const format = reportFormats.find((one) => one === given);
  if (format === undefined) return terminal.json ? "json" : "text";
  if (terminal.json && format !== "json" && input.text("out") === undefined)
    throw errors.CLI_OPTION_CONFLICT({
      option: "--json",
      other: `--format ${format}`,
      reason: "stdout takes one document; name a file for the other with --out",
    });
  return format;
}

function tellProgress(event: ToolkitEvent, terminal: Terminal): void {
  if (event.code === "TOOLKIT_FILE_WRITTEN") terminal.progress(event.message);
  if (event.code === "TOOLKIT_CHECK_STARTED" && terminal.isLive)
    terminal.progress(terminal.paintError("dim", event.message));
}

function styleOf({ paint }: Terminal): ReportStyle {
  return {
    bold: (text) => paint("bold", text),
    dim: (text) => paint("dim", text),
    red: (text) => paint("red", text),
    yellow: (text) => paint("yellow", text),
    green: (text) => paint("green", text),
    cyan: (text) => paint("cyan", text),
  };
}
