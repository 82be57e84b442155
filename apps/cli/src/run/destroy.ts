import { systemClock } from "@tenantry/base";
import { destroy } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { deploymentProgress } from "../deployment/deployment-progress.ts";
import { allowed, artifactsOf, cloudPorts } from "../deployment/open-deployment.ts";
import { stopSignal } from "../deployment/stop-signal.ts";
import { errors } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { formatDuration } from "../up/progress.ts";

/** With --json: `{ platform, environment, deleted, kept, durationMs }`. */
export async function runDestroy(input: CommandInput, terminal: Terminal): Promise<void> {
  const environment = input.argument("environment") ?? "";
  const progress = deploymentProgress(terminal, systemClock);
  const ports = await cloudPorts(progress.onEvent);
  const artifacts = await artifactsOf(input, ports);
  const confirm = input.text("confirm") ?? (await askFor(environment, terminal));
  using stop = stopSignal(() => terminal.progress("  stopping after what CloudFormation works on now …"));
  try {
    const result = await destroy(
      {
        artifacts,
        confirm,
        allow: allowed(input),
        takeOverLock: input.flag("take-over-lock"),
        signal: stop.signal,
      },
      ports,
    );
    progress.end();
    if (terminal.json) {
      terminal.document(result);
      return;
    }
    for (const stack of result.deleted) terminal.out(`deleted ${stack}`);
    for (const { type, physicalId, region } of result.kept)
      terminal.out(`kept ${type} ${physicalId} in ${region}`);
    terminal.progress(`${environment} is gone in ${formatDuration(result.durationMs)}`);
  } finally {
    progress.end();
  }
}

async function askFor(environment: string, terminal: Terminal): Promise<string> {
  const what = `destroying ${environment}`;
  const usage = `tenantry destroy ${environment} --confirm ${environment}`;
  if (!terminal.isAsking) throw errors.CLI_OPTION_MISSING({ option: "--confirm", usage });
  const isMeant = await terminal.confirm(`Delete every stack of ${environment}?`);
  if (!isMeant) throw errors.CLI_DECLINED({ what });
  return environment;
}
