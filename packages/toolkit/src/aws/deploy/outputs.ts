import { type Clock, stableJson, type Random } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { writeFileAtomically } from "../../write-file-atomically.ts";
import type { StackTarget } from "../assembly/stack-targets.ts";
import type { DeployedStack } from "../cloud/cloud.ts";

/** What a deployment hands over to people and programs, by name: `vpc_id`, `acme_corp_endpoint`. */
export type DeploymentOutputs = Readonly<Record<string, string>>;

/** `VpcId` becomes `vpc_id`, `APIEndpoint` becomes `api_endpoint`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
}

/** Outputs of stacks, by the names that users read. Of the recovery region they begin with `recovery_`, of a cell after the first with `cell_2_`. */
export function outputsOf(
  stacks: readonly { readonly target: StackTarget; readonly stack: DeployedStack }[],
): DeploymentOutputs {
  const outputs: Record<string, string> = {};
  for (const { target, stack } of stacks) {
    const role = target.role === "recovery" ? "recovery_" : "";
    const cell = target.tenant === null && (target.cell ?? 1) > 1 ? `cell_${target.cell}_` : "";
    const tenant = target.tenant === null ? "" : `${snakeCase(target.tenant)}_`;
    for (const [name, value] of Object.entries(stack.outputs))
      outputs[`${role}${cell}${tenant}${snakeCase(name)}`] = value;
  }
  return outputs;
}

/** Holds stacks to the outputs that their templates promise. @throws TOOLKIT_OUTPUTS_MISSING */
export function requireOutputs(
  stacks: readonly { readonly target: StackTarget; readonly stack: DeployedStack }[],
): void {
  const missing = stacks.flatMap(({ target, stack }) =>
    Object.entries(target.template.content.Outputs ?? {})
      .filter(([name, { Condition }]) => Condition === undefined && stack.outputs[name] === undefined)
      .map(([name]) => `${target.stackName}/${name}`),
  );
  if (missing.length > 0) throw errors.TOOLKIT_OUTPUTS_MISSING({ outputs: missing });
}

export async function writeOutputs(path: string, outputs: DeploymentOutputs, random: Random): Promise<void> {
  await writeFileAtomically(path, `${stableJson(outputs)}\n`, random);
}

const answerTimeoutMs = 10_000;
const attemptPauseMs = 5_000;

/**
 * Asks every endpoint among the outputs until it answers with something else than a failure of the server.
 *
 * @throws TOOLKIT_ENDPOINTS_SILENT
 */
export async function checkEndpoints(
  outputs: DeploymentOutputs,
  deadlineMs: number,
  ports: { readonly clock: Clock; readonly fetch: typeof fetch },
): Promise<void> {
  const endpoints = Object.values(outputs).filter((value) => /^https?:\/\//.test(value));
  const startedMs = ports.clock.monotonicMs();
  const check = async (url: string): Promise<string | null> => {
    for (;;) {
      const reason = await answerOf(url, ports.fetch);
      if (reason === null) return null;
      if (ports.clock.monotonicMs() - startedMs + attemptPauseMs > deadlineMs) return `${url} (${reason})`;
      await ports.clock.sleep(attemptPauseMs);
    }
  };
  const silent = (await Promise.all([...new Set(endpoints)].map(check))).filter((one) => one !== null);
  if (silent.length > 0) throw errors.TOOLKIT_ENDPOINTS_SILENT({ endpoints: silent });
}

/** Null where the endpoint answers. */
async function answerOf(url: string, ask: typeof fetch): Promise<string | null> {
  try {
    const answer = await ask(url, { redirect: "manual", signal: AbortSignal.timeout(answerTimeoutMs) });
    await answer.body?.cancel();
    return answer.status >= 500 ? `status ${answer.status}` : null;
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure);
  }
}
