import { requireTenantId } from "../tenant-argument.ts";
import { errors } from "../errors.ts";
import { nearestNames } from "../nearest-names.ts";
import { assemble } from "./assemble.ts";
import { type EnvironmentRequest, openEnvironment, type TenantsOnAwsPorts } from "./open-environment.ts";
import { type TenantOnAws, tenantViews } from "./tenant-view.ts";

/**
 * The tenants of an environment, from their stacks in all its regions; and the declared ones that have none.
 *
 * @throws TOOLKIT_DEFINITION_*, MODEL_*, AWS_*, TOOLKIT_ACCOUNT_MISMATCH, TOOLKIT_AWS_*
 */
export async function listTenantsOnAws(
  request: EnvironmentRequest,
  ports: TenantsOnAwsPorts,
): Promise<{ readonly tenants: readonly TenantOnAws[] }> {
  const { platform, tenants } = await openEnvironment(request, ports);
  return { tenants: tenantViews(platform, tenants, await assemble(platform, ports.synthesize)) };
}

/** One tenant of an environment. @throws TOOLKIT_TENANT_NOT_IN_ENVIRONMENT, as `listTenantsOnAws` */
export async function showTenantOnAws(
  request: EnvironmentRequest & { readonly tenant: string },
  ports: TenantsOnAwsPorts,
): Promise<{ readonly tenant: TenantOnAws }> {
  const { environment } = request;
  const id = requireTenantId(request.tenant);
  const { tenants } = await listTenantsOnAws(request, ports);
  const tenant = tenants.find((one) => one.id === id);
  if (tenant !== undefined) return { tenant };
  const nearest = nearestNames(
    id,
    tenants.map((one) => one.id),
  );
  throw errors.TOOLKIT_TENANT_NOT_IN_ENVIRONMENT({ tenant: id, environment, nearest });
}
