import { mark } from "./mark.ts";
import type { TenantParameter } from "./shipment.ts";

/** A tenant and its place, or the marks of any. */
export interface Placed {
  readonly id: string;
  readonly username: string;
  readonly costCenter: string;
  readonly cell: number;
  /** The priority of the `index`th of `count` rules. */
  readonly priority: (index: number, count: number) => string;
}

interface Owner {
  readonly platform: string;
  readonly environment: string;
}

/** What the manifest says that a parameter of a tenant's template carries. */
export function tenantParameterText(
  source: TenantParameter,
  tenant: Placed,
  { platform, environment }: Owner,
): string {
  const fill = (pattern: string): string => pattern.replaceAll("{tenant}", tenant.id);
  switch (source.kind) {
    case "tenant-id":
      return tenant.id;
    case "username":
      return tenant.username;
    case "cost-center":
      return tenant.costCenter;
    case "hosts":
      return source.patterns.map(fill).join(",");
    case "main-host":
      return fill(source.pattern);
    case "cell-value":
      return `/${platform}/${environment}/cells/${tenant.cell}/${source.value}`;
    case "priority":
      return tenant.priority(source.index, source.count);
  }
}

/** Any tenant of the grammar, in the first cell. */
export function anyTenant(name: string): Placed {
  return {
    id: mark(`tenant:${name}`),
    username: mark(`username:${name}`),
    costCenter: mark(`cost-center:${name}`),
    cell: 1,
    priority: (index, count) => mark(`priority:${name}:${index}:${count}`),
  };
}

/** The tenant of a place: what its parameters have to be. */
export function placedTenant(id: string, cell: number, slot: number): Placed {
  return {
    id,
    username: id.replaceAll("-", "_"),
    costCenter: id,
    cell,
    priority: (index, count) => String((slot - 1) * count + index + 1),
  };
}
