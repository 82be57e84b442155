import { connectControlPlane, controlPlaneOf, tenantUrl } from "../control-plane/control-plane.ts";
import { resolvePlatform } from "../definition/resolve-platform.ts";
import { parseTtlSeconds } from "../duration.ts";
import { errors } from "../errors.ts";
import { dataFolderOf, locatePlatform, selectionFrom } from "../local-platform/locate-platform.ts";
import { signLocalToken, type TenantRole, tenantRoles } from "../local-platform/sign-token.ts";
import { nearestNames } from "../nearest-names.ts";
import type { ToolkitPorts } from "../ports.ts";
import { requireTenantId } from "../tenant-argument.ts";
import { findTenant } from "./tenant-show.ts";

export interface TokenRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly tenant: string;
  /** One of tenantRoles. */
  readonly role: string;
  /** Such as 8h; a day at most. */
  readonly ttl: string;
  /** Who the user is; `<role>@<tenant>.local` without one. */
  readonly subject?: string | undefined;
}

export interface TokenResult {
  readonly token: string;
  readonly tenant: string;
  readonly role: TenantRole;
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  /** Where the token is valid; null while the platform does not run. */
  readonly url: string | null;
}

/**
 * A token for a user of a tenant, signed with the key of the platform on this machine. A running
 * platform is asked whether the tenant exists; else the definition says which tenants there are.
 */
export async function issueTenantToken(request: TokenRequest, ports: ToolkitPorts): Promise<TokenResult> {
  const tenant = requireTenantId(request.tenant);
  const role = requireRole(request.role);
  const lifetimeSeconds = parseTtlSeconds(request.ttl);
  const subject = request.subject ?? `${role}@${tenant}.local`;
  const config = await locatePlatform(request.config, ports);
  const { platform, url } = await platformOfTenant(config, tenant, ports);
  const expiresAt = new Date(ports.clock.nowMs() + lifetimeSeconds * 1_000).toISOString();
  const token = await signLocalToken(
    dataFolderOf(config),
    { kind: "tenant", tenant, role, platform, subject, lifetimeSeconds },
    ports,
  );
  return { token, tenant, role, subject, expiresAt, url };
}

/** The name of the platform, once it is sure that it has the tenant. */
async function platformOfTenant(
  config: string,
  tenant: string,
  ports: ToolkitPorts,
): Promise<{ readonly platform: string; readonly url: string | null }> {
  const { readState } = await import("@tenantry/local");
  const state = await readState(dataFolderOf(config));
  if (state !== null) {
    await findTenant(await controlPlaneOf(config, state, ports), tenant);
    return { platform: state.platform, url: tenantUrl(state, tenant) };
  }
  const { platform } = await resolvePlatform(config, {}, ports);
  const declared = Object.keys(platform.tenants);
  if (!declared.includes(tenant)) {
    const up = `tenantry up${await selectionFrom(config, ports)}`;
    throw errors.TOOLKIT_TENANT_NOT_DECLARED({ tenant, nearest: nearestNames(tenant, declared), up });
  }
  return { platform: platform.name, url: null };
}

function requireRole(role: string): TenantRole {
  const known = tenantRoles.find((name) => name === role);
  if (known === undefined) throw errors.TOOLKIT_ROLE_UNKNOWN({ role, known: tenantRoles });
  return known;
}

export interface ControlTokenRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly role: "operator" | "auditor";
  /** Such as 8h; a day at most. */
  readonly ttl: string;
  /** Who it is, for the audit trail; the user without one. */
  readonly subject?: string | undefined;
}

/** A token for the control plane of the platform that runs here. */
export async function issueControlToken(
  request: ControlTokenRequest,
  ports: ToolkitPorts,
): Promise<{
  readonly token: string;
  readonly role: string;
  readonly subject: string;
  readonly expiresAt: string;
}> {
  const lifetimeSeconds = parseTtlSeconds(request.ttl);
  const { config, state } = await connectControlPlane(request.config, ports);
  const { role } = request;
  const subject = request.subject ?? ports.user;
  const expiresAt = new Date(ports.clock.nowMs() + lifetimeSeconds * 1_000).toISOString();
  const token = await signLocalToken(
    dataFolderOf(config),
    { kind: "control", role, platform: state.platform, subject, lifetimeSeconds },
    ports,
  );
  return { token, role, subject, expiresAt };
}
