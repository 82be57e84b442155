import type { ApiRequest } from "../api/api-answer.ts";
import { unexpected } from "../control-plane/ask-control-plane.ts";
import type { ControlPlane } from "../control-plane/control-plane.ts";
import { errors } from "../errors.ts";
import { toolkitEvent } from "../events.ts";
import type { ToolkitPorts } from "../ports.ts";
import { isSettled, type OperationView } from "./operation-view.ts";

const pollMs = 150;

/**
 * Starts an operation and follows it until it has ended, or waits for a time that is far: each
 * step is told as an event. The operation goes on without us, so a command that is interrupted
 * loses nothing.
 *
 * @throws TOOLKIT_OPERATION_RUNNING, TOOLKIT_OPERATION_FAILED
 */
export async function runOperation(
  control: ControlPlane,
  request: ApiRequest,
  ports: ToolkitPorts,
): Promise<OperationView> {
  const answer = await control.ask(request);
  if (answer.kind === "problem") {
    const { code, detail } = answer.problem;
    if (code === "OPERATION_RUNNING") throw errors.TOOLKIT_OPERATION_RUNNING({ detail });
    throw unexpected(answer.problem);
  }
  return followOperation(control, answer.body as OperationView, ports);
}

/** Follows an operation that was started. @throws TOOLKIT_OPERATION_FAILED */
export async function followOperation(
  control: ControlPlane,
  started: OperationView,
  ports: ToolkitPorts,
): Promise<OperationView> {
  let operation = started;
  const told = new Map<string, string>();
  for (;;) {
    for (const { name, state } of operation.steps) {
      if (state === "pending" || told.get(name) === state) continue;
      told.set(name, state);
      ports.onEvent(toolkitEvent("TOOLKIT_OPERATION_STEP", { step: name, state }));
    }
    if (isSettled(operation)) break;
    await ports.clock.sleep(pollMs);
    operation = await readOperation(control, operation.id);
  }
  if (operation.state === "failed") {
    const { id, kind, tenant, error, steps } = operation;
    const step = steps.find(({ state }) => state === "failed")?.name ?? null;
    const detail = error?.message ?? "no reason was given";
    throw errors.TOOLKIT_OPERATION_FAILED({ id, kind, tenant, step, detail });
  }
  return operation;
}

/** @throws TOOLKIT_OPERATION_UNKNOWN */
export async function readOperation(control: ControlPlane, id: string): Promise<OperationView> {
  const answer = await control.ask({
    method: "GET",
    path: `/control/v1/operations/${encodeURIComponent(id)}`,
  });
  if (answer.kind === "body") return answer.body as OperationView;
  if (answer.problem.status === 404 || answer.problem.code === "INVALID_PARAMETER")
    throw errors.TOOLKIT_OPERATION_UNKNOWN({ id });
  throw unexpected(answer.problem);
}
