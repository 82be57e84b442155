import type { onRequestHookHandler } from "fastify";
import { ProblemError } from "../http/problems.ts";
import "../http/request-context.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import type { HostReader } from "./host.ts";

/** Finds the tenant of the host. @throws ProblemError when there is none, or it is not active */
export function tenantFromHost(reader: HostReader, registry: TenantRegistry): onRequestHookHandler {
  return async (request) => {
    const { host } = request.headers;
    const reading = host === undefined ? undefined : reader.read(host);
    if (reading === undefined || reading.kind === "malformed") throw new ProblemError("MALFORMED_HOST");
    const tenant = reading.kind === "tenant" ? await registry.find(reading.tenant) : undefined;
    if (tenant === undefined) throw new ProblemError("INVALID_TENANT");
    request.tenant = tenant;
    if (tenant.status === "provisioning") {
      throw new ProblemError("TENANT_NOT_READY", { headers: { "retry-after": "1" } });
    }
    if (tenant.status === "failed") throw new ProblemError("TENANT_UNAVAILABLE");
  };
}
