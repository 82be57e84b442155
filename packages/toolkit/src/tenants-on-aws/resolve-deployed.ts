import { openDeployment } from "@tenantry/model";
import type { Cloud } from "../aws/cloud/cloud.ts";
import { requireAccount } from "../aws/deploy/deployment-session.ts";
import { resolvePlatform, type ResolvedPlatform } from "../definition/resolve-platform.ts";
import type { ToolkitPorts } from "../ports.ts";
import { addedOf, readDeployedTenants, reservedOf } from "./deployed-tenants.ts";

/**
 * The platform of an environment together with the tenants that commands added to it in AWS: they stand in it as if
 * they were declared, where they are. Nobody gets a slot that somebody has there.
 *
 * @throws TOOLKIT_TENANT_TIER_GONE, TOOLKIT_TENANT_STACK_UNREADABLE, TOOLKIT_ACCOUNT_MISMATCH, TOOLKIT_AWS_*, and MODEL_PLACEMENT_*
 *   where the lock and AWS disagree
 */
export async function resolveDeployed(
  config: string,
  environment: string,
  ports: ToolkitPorts & { readonly cloud: Cloud },
): Promise<ResolvedPlatform> {
  const deployment = openDeployment;
  const { platform } = await resolvePlatform(config, { environment, deployment }, ports);
  await requireAccount(platform, ports);
  const tenants = await readDeployedTenants(platform, ports.cloud);
  const reserved = reservedOf(tenants);
  return resolvePlatform(config, { environment, deployment, reserved, added: addedOf(tenants) }, ports);
}
