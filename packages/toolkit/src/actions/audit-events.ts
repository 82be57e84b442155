import { unexpected } from "../control-plane/ask-control-plane.ts";
import { connectControlPlane } from "../control-plane/control-plane.ts";
import type { ToolkitPorts } from "../ports.ts";
import { connectTenantApi } from "../tenant-api/tenant-api.ts";

export interface AuditEventView {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly occurredAt: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
}

/** What was done: in a tenant, or without one by those who run the platform. The newest first. */
export async function listAuditEvents(
  request: {
    readonly config?: string | undefined;
    readonly tenant?: string | undefined;
    readonly limit: number;
  },
  ports: ToolkitPorts,
): Promise<{ readonly events: readonly AuditEventView[] }> {
  const { tenant, limit } = request;
  if (tenant === undefined) {
    const control = await connectControlPlane(request.config, ports);
    const answer = await control.ask({ method: "GET", path: `/control/v1/audit-events?limit=${limit}` });
    if (answer.kind === "problem") throw unexpected(answer.problem);
    return { events: itemsIn(answer.body) };
  }
  const api = await connectTenantApi({ config: request.config, tenant }, ports);
  return { events: itemsIn(await api.ask({ method: "GET", path: `/v2/audit-events?limit=${limit}` })) };
}

function itemsIn(body: unknown): readonly AuditEventView[] {
  return (body as { readonly items: readonly AuditEventView[] }).items;
}
