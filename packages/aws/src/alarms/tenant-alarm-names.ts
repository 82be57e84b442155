import type { PlatformService } from "@tenantry/model";
import type { PlatformStack } from "../stack/platform-stack.ts";

/** What is watched of a service that a tenant has to itself. */
export type TenantAlarmKind = "tasks" | "errors" | "latency";

/** Begins the names of all alarms of an environment. */
export function alarmPrefixOf({ site: { platform } }: PlatformStack): string {
  return `${platform.name}-${platform.environment}`;
}

/** Rest of the name of a tenant's alarm. Neither an id nor a service has an underscore, so no two are alike. */
export function tenantAlarmName(tenantId: string, service: string, kind: TenantAlarmKind): string {
  return `${tenantId}_${service}-${kind}`;
}

/** What can be watched of a service: errors and time to answer where it has a route, tasks where somebody counts them. */
export function watchedOfTenant(
  { route, scaling }: Pick<PlatformService, "route" | "scaling">,
  containerInsights: boolean,
): readonly TenantAlarmKind[] {
  return [
    ...(containerInsights || scaling.min > 0 ? (["tasks"] as const) : []),
    ...(route === null ? [] : (["errors", "latency"] as const)),
  ];
}
