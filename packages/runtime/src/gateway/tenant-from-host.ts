import type { onRequestHookHandler } from "fastify";
import { ProblemError } from "../http/problems.ts";
import "../http/request-context.ts";
import { whenKnown } from "../http/when-known.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import type { HostReader } from "./host.ts";

const readsOnly: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Finds the tenant of the host. @throws ProblemError when there is none, or it is not active */
export function tenantFromHost(reader: HostReader, registry: TenantRegistry): onRequestHookHandler {
  return (request, _reply, done) => {
    const { host } = request.headers;
    const reading = host === undefined ? undefined : reader.read(host);
    if (reading === undefined || reading.kind === "malformed") throw new ProblemError("MALFORMED_HOST");
    if (reading.kind === "other") throw new ProblemError("INVALID_TENANT");
    const found = registry.cached?.(reading.tenant) ?? registry.find(reading.tenant);
    whenKnown(found, done, (tenant) => {
      if (tenant === undefined) throw new ProblemError("INVALID_TENANT");
      request.tenant = tenant;
      requireOpen(tenant, request.method);
    });
  };
}

function requireOpen({ status, writes }: Tenant, method: string): void {
  if (status === "provisioning") {
    throw new ProblemError("TENANT_NOT_READY", { headers: { "retry-after": "1" } });
  }
  if (status === "failed") throw new ProblemError("TENANT_UNAVAILABLE");
  if (status === "suspended") throw new ProblemError("TENANT_SUSPENDED");
  if (status === "offboarding") throw new ProblemError("TENANT_OFFBOARDED");
  if (writes === "fenced" && !readsOnly.has(method)) {
    throw new ProblemError("TENANT_MOVING", { headers: { "retry-after": "2" } });
  }
}

/** For a platform without tenants: requires that the host is its own. @throws ProblemError */
export function siteFromHost(reader: HostReader): onRequestHookHandler {
  return async ({ headers: { host } }) => {
    if (host === undefined || reader.read(host).kind === "malformed")
      throw new ProblemError("MALFORMED_HOST");
    if (!reader.isSite(host)) throw new ProblemError("INVALID_TENANT");
  };
}
