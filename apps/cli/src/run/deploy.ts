import { systemClock } from "@tenantry/base";
import { resolve } from "node:path";
import {
  checkDeployment,
  type CheckOverride,
  deployChecked,
  type DeploymentCheck,
  type DeployResult,
  plan,
} from "@tenantry/toolkit";
import { programName } from "../as-typed.ts";
import type { CommandInput } from "../command.ts";
import { deploymentFacts } from "../deployment/deployment-facts.ts";
import { deploymentProgress } from "../deployment/deployment-progress.ts";
import { allowed, artifactsOf, cloudPorts, partOf } from "../deployment/open-deployment.ts";
import { planLines } from "../deployment/plan-lines.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { formatDuration } from "../up/progress.ts";
import { version } from "../version.ts";
import { stopSignal } from "../deployment/stop-signal.ts";

/** How long endpoints may take to answer after everything is deployed. */
const endpointDeadlineMs = 300_000;

/** With --json: `{ platform, environment, account, stacks, outputs, kept, overridden, durationMs }`. */
export async function runDeploy(input: CommandInput, terminal: Terminal): Promise<void> {
  const progress = deploymentProgress(terminal, systemClock);
  const ports = await cloudPorts(progress.onEvent);
  const file = input.text("plan");
  const inCwd = (path: string | undefined) => (path === undefined ? undefined : resolve(ports.cwd, path));
  const artifacts = await artifactsOf(input, ports);
  const checked = await checkDeployment(
    {
      config: input.config,
      environment: input.argument("environment") ?? "",
      artifacts,
      overrides: overridesOf(input),
      tool: `tenantry ${version()}`,
    },
    ports,
  );
  for (const line of checkLines(checked, terminal.paintError)) terminal.progress(line);
  // What was reviewed in a file needs no second look; else what is applied is what was shown.
  const reviewed =
    file === undefined ? await review(artifacts, input, terminal, ports) : resolve(ports.cwd, file);
  if (reviewed === null) return;
  using stop = stopSignal(() => terminal.progress("  stopping after what CloudFormation works on now …"));
  try {
    const result = await deployChecked(
      {
        artifacts,
        checked,
        plan: reviewed,
        allow: allowed(input),
        part: partOf(input),
        deployment: await deploymentFacts(process.env, ports.cwd),
        takeOverLock: input.flag("take-over-lock"),
        outputsFile: inCwd(input.text("outputs")),
        endpointDeadlineMs: input.flag("check-endpoints") ? endpointDeadlineMs : undefined,
        signal: stop.signal,
      },
      ports,
    );
    progress.end();
    tell(result, terminal);
  } finally {
    progress.end();
  }
}

/** Each rule with its reason. @throws CLI_OPTION_MISSING where one has none, or a reason no rule */
function overridesOf(input: CommandInput): readonly CheckOverride[] {
  const rules = input.texts("override-check");
  const reasons = input.texts("reason").map((reason) => reason.trim());
  if (rules.length !== reasons.length || reasons.includes("")) {
    const usage = "tenantry deploy <environment> --override-check <rule> --reason <text>";
    const option = rules.length < reasons.length ? "--override-check" : "--reason";
    throw errors.CLI_OPTION_MISSING({ option, usage });
  }
  return rules.map((rule, index) => ({ rule, reason: reasons[index] ?? "" }));
}

function checkLines({ report, overridden }: DeploymentCheck, paint: Terminal["paint"]): readonly string[] {
  const { proved, accepted } = report.counts;
  const but = accepted > 0 ? `, ${accepted} accepted by ${report.baseline.path ?? "the baseline"}` : "";
  return [
    overridden.length === 0
      ? paint("green", `✔ checked: ${proved} proved, nothing refuted or unknown${but}`)
      : paint("yellow", `! checked: ${proved} proved${but}, and this is overridden:`),
    ...overridden.map(({ rule, findings, reason }) =>
      paint("yellow", `  ${rule}, ${findings} ${findings === 1 ? "finding" : "findings"}: ${reason}`),
    ),
  ];
}

type Ports = Awaited<ReturnType<typeof cloudPorts>>;

/** Shows the plan and asks; null where there is nothing to do. */
async function review(artifacts: string, input: CommandInput, terminal: Terminal, ports: Ports) {
  const made = await plan({ artifacts, part: partOf(input) }, ports);
  for (const line of planLines(made, terminal.paintError)) terminal.progress(line);
  const what = `deploying ${made.environment}`;
  if (!input.flag("yes")) {
    if (!terminal.isAsking) throw errors.CLI_CONFIRMATION_NEEDED({ what });
    if (!(await terminal.confirm(`Deploy this to account ${made.account ?? "?"}?`)))
      throw errors.CLI_DECLINED({ what });
  }
  return made;
}

function tell({ stacks, plan: made, ...rest }: DeployResult, terminal: Terminal): void {
  const { outputs, kept, environment, durationMs } = rest;
  if (terminal.json) {
    terminal.document({ ...rest, stacks });
    return;
  }
  const width = Math.max(0, ...Object.keys(outputs).map((name) => name.length));
  for (const [name, value] of Object.entries(outputs)) terminal.out(`${name.padEnd(width)}  ${value}`);
  for (const { type, physicalId, region } of kept)
    terminal.progress(`  kept: ${type} ${physicalId} in ${region}`);
  const changed = stacks.filter(({ outcome }) => outcome !== "unchanged").length;
  terminal.progress(`${environment} is deployed: ${changed} stacks changed in ${formatDuration(durationMs)}`);
  if (changed > 0 && made.part === "platform")
    terminal.progress(`next: ${programName(process.env)} diagnose ${environment}`);
}
