import { connectControlPlane, type ControlPlane, type TenantView } from "../control-plane/control-plane.ts";
import { errors } from "../errors.ts";
import type { OperationView } from "../operations/operation-view.ts";
import { runOperation } from "../operations/run-operation.ts";
import type { ToolkitPorts } from "../ports.ts";
import { requireTenantId } from "../tenant-argument.ts";
import { cancelRemoval } from "./operations.ts";
import { findTenant } from "./tenant-show.ts";

interface TenantRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly tenant: string;
}

export interface TenantLifecycleResult {
  /** Null once the tenant is gone. */
  readonly tenant: TenantView | null;
  readonly operation: OperationView;
}

/** Shuts a tenant out; its data stay. */
export async function suspendTenant(
  request: TenantRequest & { readonly reason?: string | undefined },
  ports: ToolkitPorts,
): Promise<TenantLifecycleResult> {
  const { reason } = request;
  const { control, tenant } = await connectToTenant(request, ports);
  const body = reason === undefined ? {} : { reason };
  return runOnTenant(control, tenant.id, { verb: "suspend", body }, ports);
}

/** Lets a suspended tenant in again. One that is being removed, and is still in its grace period, stays. */
export async function resumeTenant(
  request: TenantRequest,
  ports: ToolkitPorts,
): Promise<TenantLifecycleResult> {
  const { control, tenant } = await connectToTenant(request, ports);
  if (tenant.status === "offboarding") {
    const operation = await cancelRemoval(control, tenant.id);
    return { operation, tenant: await findTenant(control, tenant.id) };
  }
  return runOnTenant(control, tenant.id, { verb: "resume", body: {} }, ports);
}

/** Moves a tenant to another tier, with its data where the isolation differs. */
export async function moveTenant(
  request: TenantRequest & { readonly tier: string },
  ports: ToolkitPorts,
): Promise<TenantLifecycleResult> {
  const { control, tenant } = await connectToTenant(request, ports);
  return runOnTenant(control, tenant.id, { verb: "move", body: { tier: request.tier } }, ports);
}

const graceDaysMax = 365;

/** Whole days. @throws TOOLKIT_GRACE_INVALID */
export function parseGraceDays(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  if (days < 0 || days > graceDaysMax) throw errors.TOOLKIT_GRACE_INVALID({ grace: text });
  return days;
}

/**
 * Begins the removal of a tenant: it is shut out and exported at once, and deleted when its grace
 * period is over; with 0 days, now.
 */
export async function removeTenant(
  request: TenantRequest & { readonly graceDays: number },
  ports: ToolkitPorts,
): Promise<TenantLifecycleResult> {
  const { control, tenant } = await connectToTenant(request, ports);
  const body = { confirm: tenant.id, graceDays: request.graceDays };
  return runOnTenant(control, tenant.id, { verb: "offboard", body }, ports);
}

async function connectToTenant(
  { config, tenant }: TenantRequest,
  ports: ToolkitPorts,
): Promise<{ readonly control: ControlPlane; readonly tenant: TenantView }> {
  requireTenantId(tenant);
  const control = await connectControlPlane(config, ports);
  return { control, tenant: await findTenant(control, tenant) };
}

async function runOnTenant(
  control: ControlPlane,
  tenant: string,
  { verb, body }: { readonly verb: string; readonly body: object },
  ports: ToolkitPorts,
): Promise<TenantLifecycleResult> {
  const path = `/control/v1/tenants/${tenant}/${verb}`;
  const operation = await runOperation(control, { method: "POST", path, body }, ports);
  const after = await control.ask({ method: "GET", path: `/control/v1/tenants/${tenant}` });
  return { operation, tenant: after.kind === "body" ? control.view(after.body) : null };
}
