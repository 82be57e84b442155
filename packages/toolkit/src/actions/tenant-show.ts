import { unexpected } from "../control-plane/ask-control-plane.ts";
import { connectControlPlane, type ControlPlane, type TenantView } from "../control-plane/control-plane.ts";
import { errors } from "../errors.ts";
import { nearestNames } from "../nearest-names.ts";
import type { ToolkitPorts } from "../ports.ts";
import { tenantsOf } from "./tenant-list.ts";
import { requireTenantId } from "../tenant-argument.ts";

export interface TenantShowRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly tenant: string;
}

export interface TenantShowResult {
  readonly tenant: TenantView;
}

/** One tenant of the platform that runs here. */
export async function showTenant(request: TenantShowRequest, ports: ToolkitPorts): Promise<TenantShowResult> {
  requireTenantId(request.tenant);
  return { tenant: await findTenant(await connectControlPlane(request.config, ports), request.tenant) };
}

/** @throws TOOLKIT_TENANT_UNKNOWN with the names that were probably meant */
export async function findTenant(control: ControlPlane, tenant: string): Promise<TenantView> {
  const answer = await control.ask({ method: "GET", path: `/control/v1/tenants/${tenant}` });
  if (answer.kind === "body") return control.view(answer.body);
  if (answer.problem.code !== "TENANT_NOT_FOUND") throw unexpected(answer.problem);
  throw errors.TOOLKIT_TENANT_UNKNOWN({ tenant, nearest: nearestNames(tenant, await someNames(control)) });
}

/** As many names as are worth comparing with a mistyped one. */
const namesComparedMax = 2_000;

async function someNames(control: ControlPlane): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { id } of tenantsOf(control)) {
    names.push(id);
    if (names.length === namesComparedMax) break;
  }
  return names;
}
