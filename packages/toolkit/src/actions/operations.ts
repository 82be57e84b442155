import { unexpected } from "../control-plane/ask-control-plane.ts";
import { connectControlPlane, type ControlPlane } from "../control-plane/control-plane.ts";
import { errors } from "../errors.ts";
import type { OperationView } from "../operations/operation-view.ts";
import { readOperation } from "../operations/run-operation.ts";
import type { ToolkitPorts } from "../ports.ts";
import { findTenant } from "./tenant-show.ts";

interface PlatformRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
}

/** The latest operations, the newest first; of one tenant where one is named. */
export async function listOperations(
  request: PlatformRequest & { readonly tenant?: string | undefined },
  ports: ToolkitPorts,
): Promise<{ readonly operations: readonly OperationView[] }> {
  const control = await connectControlPlane(request.config, ports);
  return { operations: await latestOperations(control, request.tenant) };
}

export async function showOperation(
  request: PlatformRequest & { readonly id: string },
  ports: ToolkitPorts,
): Promise<{ readonly operation: OperationView }> {
  const control = await connectControlPlane(request.config, ports);
  return { operation: await readOperation(control, request.id) };
}

/** Ends an operation that waits, such as a removal in its grace period. */
export async function cancelOperation(
  request: PlatformRequest & { readonly id: string },
  ports: ToolkitPorts,
): Promise<{ readonly operation: OperationView }> {
  const control = await connectControlPlane(request.config, ports);
  await readOperation(control, request.id);
  return { operation: await cancel(control, request.id) };
}

/** Ends the removal that a tenant waits for. @throws TOOLKIT_TENANT_NOT_LEAVING */
export async function cancelRemoval(control: ControlPlane, tenant: string): Promise<OperationView> {
  const operations = await latestOperations(control, tenant);
  const removal = operations.find(({ kind, endedAt }) => kind === "offboard" && endedAt === null);
  if (removal === undefined) {
    const { status } = await findTenant(control, tenant);
    throw errors.TOOLKIT_TENANT_NOT_LEAVING({ tenant, status });
  }
  return cancel(control, removal.id);
}

/** What was done is undone first, so the control plane is asked to answer when that has ended. */
async function cancel(control: ControlPlane, id: string): Promise<OperationView> {
  const answer = await control.ask({
    method: "POST",
    path: `/control/v1/operations/${id}/cancel`,
    body: {},
    headers: { prefer: "wait=20" },
  });
  if (answer.kind === "problem") throw unexpected(answer.problem);
  return answer.body as OperationView;
}

const operationsMax = 50;

async function latestOperations(
  control: ControlPlane,
  tenant: string | undefined,
): Promise<readonly OperationView[]> {
  const query = tenant === undefined ? "" : `&tenant=${encodeURIComponent(tenant)}`;
  const path = `/control/v1/operations?limit=${operationsMax}${query}`;
  const answer = await control.ask({ method: "GET", path });
  if (answer.kind === "problem") throw unexpected(answer.problem);
  return (answer.body as { readonly items: readonly OperationView[] }).items;
}
