import {
  connectInspector,
  diagnose,
  type DiagnoseResult,
  type Finding,
  type Severity,
  type Subject,
} from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { artifactsOf, cloudPorts } from "../deployment/open-deployment.ts";
import type { Terminal } from "../terminal.ts";

/** Where AWS keeps what belongs to no region. */
const homeRegion = "us-east-1";

type Paint = Terminal["paint"];

const signs = { error: "✖", warning: "!", note: "·" } as const;
const colours = { error: "red", warning: "yellow", note: "dim" } as const;
/** More tenants than this are counted, and the first of them named. */
const tenantsShown = 8;
const evidenceShown = 8;
const symptomsShown = 3;

/** Exit status 0 where nothing is wrong and all was read. With --json: what the action returns. */
export async function runDiagnose(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = await cloudPorts(() => undefined);
  const { clock, random } = ports;
  const inspector = await connectInspector(
    { homeRegion: process.env["AWS_REGION"] ?? homeRegion, profile: process.env["AWS_PROFILE"] },
    { clock, random, onRetry: () => undefined },
  );
  const artifacts = await artifactsOf(input, ports);
  if (terminal.isLive) terminal.progress(terminal.paintError("dim", "reading the environment …"));
  const result = await diagnose({ artifacts, tenant: input.text("tenant") }, { ...ports, inspector });
  if (result.state !== "healthy") process.exitCode = 1;
  if (terminal.json) terminal.document(result);
  else for (const line of diagnosisLines(result, terminal.paint)) terminal.out(line);
}

/** A diagnosis as people read it: worst first, with what mends it under each. */
function diagnosisLines(result: DiagnoseResult, paint: Paint): readonly string[] {
  const { platform, environment, account, tenant, findings } = result;
  return [
    `${paint("bold", `${platform} ${environment}`)}${tenant === null ? "" : `, ${tenant}`} in account ${account}`,
    "",
    ...findings.flatMap((finding) => [...findingLines(finding, paint), ""]),
    summaryLine(result, paint),
  ];
}

function findingLines(finding: Finding, paint: Paint): readonly string[] {
  const { severity, code, what, because, fix, symptoms } = finding;
  const where = [finding.subject.region, affectedText(finding.affected)]
    .filter((part) => part !== null)
    .join(", ");
  const indented = (lines: readonly string[], shown: number, what: string) => [
    ...lines.slice(0, shown).map((line) => `    ${paint("dim", line)}`),
    ...(lines.length > shown ? [`    ${paint("dim", `… and ${lines.length - shown} more ${what}`)}`] : []),
  ];
  return [
    `${paint(colours[severity], `${signs[severity]} ${what}`)}`,
    `    ${paint("dim", `${code}${where === "" ? "" : `  ${where}`}`)}`,
    ...indented(because, evidenceShown, "lines"),
    ...indented(
      symptoms.map((symptom) => `so: ${symptom}`),
      symptomsShown,
      "consequences",
    ),
    ...fix.map((line) => `    ${paint("cyan", "→")} ${line}`),
  ];
}

/** Such as "12 tenants: acme-corp, globex-inc, …", or what shared things suffer. */
function affectedText(affected: readonly Subject[]): string | null {
  const tenants = [...new Set(affected.map(({ tenant }) => tenant))].filter((tenant) => tenant !== null);
  if (tenants.length > 0) {
    const more = tenants.length > tenantsShown ? ", …" : "";
    const count = tenants.length === 1 ? "tenant" : `${tenants.length} tenants:`;
    return `${count} ${tenants.slice(0, tenantsShown).join(", ")}${more}`;
  }
  const stacks = affected.filter(({ kind }) => kind === "stack").map(({ id }) => id);
  if (stacks.length > 1) return `${stacks.length} stacks: ${stacks.join(", ")}`;
  const services = affected
    .filter(({ kind }) => kind === "service")
    .map(({ id }) => id.split("/").at(-1) ?? id);
  return services.length === 0
    ? null
    : `${services.length === 1 ? "service" : "services"} ${services.join(", ")}`;
}

function summaryLine(
  { state, findings, looked, isComplete, durationMs }: DiagnoseResult,
  paint: Paint,
): string {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  const read = `${looked.stacks} stacks, ${looked.services} services, ${looked.databases} databases and ${looked.hosts} hosts read in ${(durationMs / 1000).toFixed(1)} s`;
  const errors = count("error");
  const counts = `${errors} ${errors === 1 ? "error" : "errors"}, ${count("warning")} warnings, ${count("note")} notes`;
  const verdict =
    state === "healthy"
      ? paint("green", "✔ healthy")
      : state === "incomplete"
        ? paint("yellow", "! nothing wrong was found, but not everything could be read")
        : paint("red", `✖ unhealthy${isComplete ? "" : ", and not everything could be read"}`);
  return `${verdict}: ${counts}; ${read}`;
}
