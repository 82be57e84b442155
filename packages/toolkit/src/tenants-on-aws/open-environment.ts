import { type Deployment, openDeployment, type Platform } from "@tenantry/model";
import type { Cloud } from "../aws/cloud/cloud.ts";
import type { DeploymentContext, DeploymentPorts } from "../aws/deploy/deployment-context.ts";
import {
  type DeploymentSettings,
  defaultSettings,
  requireAccount,
  withDeploymentLock,
} from "../aws/deploy/deployment-session.ts";
import { DeployedStacks } from "../aws/plan/deployed-stacks.ts";
import { resolvePlatform } from "../definition/resolve-platform.ts";
import { errors } from "../errors.ts";
import { locateDefinition } from "../local-platform/locate-platform.ts";
import { nearestNames } from "../nearest-names.ts";
import { type DeployedTenant, tenantRegions, tenantsOf } from "./deployed-tenants.ts";
import type { Synthesize } from "./assemble.ts";

export interface EnvironmentRequest {
  /** The definition; without it the nearest. */
  readonly config?: string | undefined;
  readonly environment: string;
}

/** What every command that changes a tenant in AWS takes. */
export interface TenantChangeRequest extends EnvironmentRequest {
  readonly tenant: string;
  /** Who deploys what, for the tags. `createdAt` is now where it is not given. */
  readonly deployment?: Partial<Deployment> | undefined;
  /** What may be lost, by name: "delete:tenant/acme-corp". */
  readonly allow?: readonly string[] | undefined;
  /** Takes the lock although somebody holds it. */
  readonly takeOverLock?: boolean | undefined;
  readonly settings?: Partial<DeploymentSettings> | undefined;
  /** Begins nothing new once aborted, and lets go of the lock. */
  readonly signal?: AbortSignal | undefined;
}

export interface TenantsOnAwsPorts extends DeploymentPorts {
  /** Makes the artifacts; with CDK where it is not given. */
  readonly synthesize?: Synthesize;
}

/** An environment as its definition and AWS have it at one moment. */
export interface OpenEnvironment {
  readonly config: string;
  /** As the definition has it, without tenants that commands added. */
  readonly platform: Platform;
  readonly stacks: DeployedStacks;
  readonly tenants: readonly DeployedTenant[];
  readonly settings: DeploymentSettings;
}

/**
 * Looks at an environment without changing or locking it.
 *
 * @throws TOOLKIT_DEFINITION_*, MODEL_*, TOOLKIT_ACCOUNT_MISMATCH, TOOLKIT_AWS_*
 */
export async function openEnvironment(
  { config, environment }: EnvironmentRequest,
  ports: TenantsOnAwsPorts,
): Promise<OpenEnvironment> {
  const definition = await define(config, environment, ports);
  await requireAccount(definition.platform, ports);
  return { ...definition, ...(await look(definition.platform, ports.cloud)), settings: defaultSettings };
}

/**
 * Does work on the tenants of an environment while holding its lock, so that what was seen stays true: nobody else adds,
 * removes or deploys meanwhile.
 *
 * @throws as `openEnvironment`, TOOLKIT_DEPLOYMENT_LOCKED
 */
export async function withEnvironment<T>(
  request: TenantChangeRequest,
  purpose: string,
  ports: TenantsOnAwsPorts,
  work: (environment: OpenEnvironment, context: DeploymentContext) => Promise<T>,
): Promise<T> {
  const { environment, allow, takeOverLock, signal } = request;
  const { config, platform } = await define(request.config, environment, ports);
  const { account, dataProtection } = platform;
  const manifest = { platform: platform.name, environment, account, dataProtection };
  const settings = { ...defaultSettings, ...request.settings };
  const regions = tenantRegions(platform);
  const session = { manifest, regions, purpose, allow, takeOverLock, signal, settings };
  return withDeploymentLock(session, ports, async (context) => {
    const seen = await look(platform, ports.cloud);
    return work({ config, ...seen, platform, settings }, context);
  });
}

/** The tenant by its stacks. @throws TOOLKIT_TENANT_NOT_IN_ENVIRONMENT */
export function requireDeployed({ tenants, platform }: OpenEnvironment, tenant: string): DeployedTenant {
  const found = tenants.find(({ id }) => id === tenant);
  if (found !== undefined) return found;
  const nearest = nearestNames(
    tenant,
    tenants.map(({ id }) => id),
  );
  throw errors.TOOLKIT_TENANT_NOT_IN_ENVIRONMENT({ tenant, environment: platform.environment, nearest });
}

/** @throws TOOLKIT_TENANT_DECLARED */
export function refuseDeclared(
  { platform: { tenants, environment } }: OpenEnvironment,
  tenant: string,
): void {
  if (Object.hasOwn(tenants, tenant)) throw errors.TOOLKIT_TENANT_DECLARED({ tenant, environment });
}

async function define(named: string | undefined, environment: string, ports: TenantsOnAwsPorts) {
  const config = locateDefinition(named, ports);
  const { platform } = await resolvePlatform(config, { environment, deployment: openDeployment }, ports);
  return { config, platform };
}

async function look(platform: Platform, cloud: Cloud) {
  const owner = { platform: platform.name, environment: platform.environment };
  const stacks = await DeployedStacks.read(cloud, owner, tenantRegions(platform));
  return { stacks, tenants: tenantsOf(stacks.owned()) };
}
