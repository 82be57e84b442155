import { unexpected } from "../control-plane/ask-control-plane.ts";
import { connectControlPlane, type ControlPlane, type TenantView } from "../control-plane/control-plane.ts";
import type { ToolkitPorts } from "../ports.ts";

export interface TenantListRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
}

export interface TenantListResult {
  /** In the order of their ids. */
  readonly tenants: readonly TenantView[];
}

/** All tenants of the platform that runs here. */
export async function listTenants(
  request: TenantListRequest,
  ports: ToolkitPorts,
): Promise<TenantListResult> {
  const control = await connectControlPlane(request.config, ports);
  const tenants: TenantView[] = [];
  for await (const tenant of tenantsOf(control)) tenants.push(tenant);
  return { tenants };
}

/** The largest page that the control plane gives. */
const pageSize = 200;

/** Tenants in the order of their ids, page after page. */
export async function* tenantsOf(control: ControlPlane): AsyncGenerator<TenantView> {
  let cursor: string | null = null;
  do {
    const page = await tenantPage(control, pageSize, cursor);
    yield* page.tenants;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

export interface TenantPage {
  readonly tenants: readonly TenantView[];
  readonly nextCursor: string | null;
  /** Tenants on all pages. */
  readonly total: number;
}

/** One page of tenants, the first without a cursor. */
export async function tenantPage(
  control: ControlPlane,
  limit: number,
  cursor: string | null = null,
): Promise<TenantPage> {
  const query = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  const answer = await control.ask({ method: "GET", path: `/control/v1/tenants?limit=${limit}${query}` });
  if (answer.kind === "problem") throw unexpected(answer.problem);
  const page = answer.body as {
    readonly items: readonly unknown[];
    readonly nextCursor: string | null;
    readonly total: number;
  };
  return { ...page, tenants: page.items.map((tenant) => control.view(tenant)) };
}
