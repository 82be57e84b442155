import { errors } from "../errors.ts";
import { fillPattern, fillTenant } from "../pattern.ts";
import type { Placements } from "../placement/lock.ts";
import type { PlatformTenant } from "../platform.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import { reservedTenantIds } from "../schema/tier.ts";
import { isTenantId, type TenantId } from "../tenant-id.ts";
import type { Report } from "./report.ts";

/** The ids of the declared tenants that can be tenants, sorted; the others are reported. */
export function checkTenants(parsed: ParsedDefinition, report: Report): readonly TenantId[] {
  const tiers = Object.keys(parsed.tiers);
  const owners = new Map<string, string>();
  const ids: TenantId[] = [];
  for (const [id, tenant] of Object.entries(parsed.tenants)) {
    const path = ["tenants", id];
    if (!isTenantId(id)) {
      report(path, errors.MODEL_TENANT_ID({ value: id }));
      continue;
    }
    ids.push(id);
    if (id.length > parsed.tenantIdLengthMax) {
      report(path, errors.MODEL_TENANT_ID_LENGTH({ value: id, lengthMax: parsed.tenantIdLengthMax }));
    }
    if (reservedTenantIds.includes(id)) report(path, errors.MODEL_TENANT_ID_RESERVED({ value: id }));
    const tier = typeof tenant === "string" ? tenant : tenant.tier;
    if (!tiers.includes(tier)) {
      const tierPath = typeof tenant === "string" ? path : [...path, "tier"];
      report(tierPath, errors.MODEL_TENANT_UNKNOWN_TIER({ name: tier, tenant: id, known: tiers }));
    }
    const domains = typeof tenant === "string" ? [] : tenant.domains;
    for (const [index, domain] of domains.entries()) {
      const domainPath = [...path, "domains", index];
      const owner = owners.get(domain);
      if (domain === parsed.domain || domain.endsWith(`.${parsed.domain}`)) {
        report(domainPath, errors.MODEL_TENANT_DOMAIN({ domain, owner: "the platform" }));
      } else if (owner !== undefined) {
        report(domainPath, errors.MODEL_TENANT_DOMAIN({ domain, owner: `the tenant "${owner}"` }));
      }
      owners.set(domain, id);
    }
  }
  return ids.sort();
}

export function resolveTenants(
  parsed: ParsedDefinition,
  ids: readonly TenantId[],
  tags: Readonly<Record<string, string>>,
  environment: string,
  placements: Placements,
): Readonly<Record<string, PlatformTenant>> {
  const tenants: Record<string, PlatformTenant> = {};
  const values = { domain: parsed.domain, platform: parsed.name, environment };
  // What is the same for all is filled in once: there may be ten thousand of them.
  const hosts = parsed.routing.tenantHosts.map((pattern) => fillPattern(pattern, values));
  for (const id of ids) {
    const placement = Object.hasOwn(placements, id) ? placements[id] : undefined;
    const written = parsed.tenants[id];
    if (placement === undefined || written === undefined) continue;
    const tenant = typeof written === "string" ? { tier: written, domains: [], tags: {} } : written;
    // In the order of the keys, in which they are written.
    tenants[id] = {
      hosts: [...hosts.map((pattern) => fillTenant(pattern, id)), ...tenant.domains],
      id,
      name: ("name" in tenant ? tenant.name : undefined) ?? id,
      placement: { cell: placement.cell, slot: placement.slot },
      tags: {
        ...tags,
        ...tenant.tags,
        cost_center: ("costCenter" in tenant ? tenant.costCenter : undefined) ?? id,
        tenant_id: id,
      },
      tier: tenant.tier,
      username: id.replaceAll("-", "_"),
    };
  }
  return tenants;
}
