import { unexpected } from "../control-plane/ask-control-plane.ts";
import { connectControlPlane, type TenantView } from "../control-plane/control-plane.ts";
import { errors } from "../errors.ts";
import type { OperationView } from "../operations/operation-view.ts";
import { followOperation } from "../operations/run-operation.ts";
import type { ToolkitPorts } from "../ports.ts";
import { requireFreeTenantId } from "../tenant-argument.ts";
import { findTenant } from "./tenant-show.ts";

export interface TenantAddRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly tenant: string;
  /** The platform's default tier without one. */
  readonly tier?: string | undefined;
}

export interface TenantAddResult {
  readonly tenant: TenantView;
  /** `was-there` when the tenant existed already on this tier. */
  readonly outcome: "added" | "was-there";
}

/** Adds a tenant to the platform that runs here; when it returns, the address of the tenant answers. */
export async function addTenant(request: TenantAddRequest, ports: ToolkitPorts): Promise<TenantAddResult> {
  const { tier } = request;
  const tenant = requireFreeTenantId(request.tenant);
  const control = await connectControlPlane(request.config, ports);
  const answer = await control.ask({
    method: "POST",
    path: "/control/v1/tenants",
    body: { id: tenant, ...(tier === undefined ? {} : { tier }) },
  });
  if (answer.kind === "body" && answer.status === 202) {
    await followOperation(control, answer.body as OperationView, ports);
    return { tenant: await findTenant(control, tenant), outcome: "added" };
  }
  if (answer.kind === "body") {
    return { tenant: control.view(answer.body), outcome: answer.status === 201 ? "added" : "was-there" };
  }
  if (answer.problem.errors.some(({ pointer }) => pointer === "/tier")) {
    const detail = answer.problem.errors.map(({ message }) => message).join("; ");
    throw errors.TOOLKIT_TIER_UNKNOWN({ tier: tier ?? null, detail });
  }
  if (answer.problem.code === "TENANT_EXISTS") {
    throw errors.TOOLKIT_TENANT_EXISTS({ tenant, detail: answer.problem.detail });
  }
  throw unexpected(answer.problem);
}
