import { errors } from "../errors.ts";
import type { Isolation, Tier } from "../platform.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import type { Report } from "./report.ts";

/** Says for every tier how each service and each store is isolated. */
export function resolveTiers(parsed: ParsedDefinition, report: Report): Readonly<Record<string, Tier>> {
  const services = Object.keys(parsed.services);
  const stores = Object.keys(parsed.stores);
  const tiers: Record<string, Tier> = {};
  for (const [name, { kind: _kind, ...tier }] of Object.entries(parsed.tiers)) {
    for (const [service, isolation] of Object.entries(tier.services)) {
      const path = ["tiers", name, "services", service];
      if (!services.includes(service))
        report(path, errors.MODEL_TIER_UNKNOWN_SERVICE({ name: service, known: services }));
      else if (isolation === "bridge") report(path, errors.MODEL_TIER_BRIDGE_SERVICE({ name: service }));
    }
    for (const [store, isolation] of Object.entries(tier.stores)) {
      const path = ["tiers", name, "stores", store];
      const kind = Object.hasOwn(parsed.stores, store) ? parsed.stores[store]?.kind : undefined;
      if (kind === undefined) report(path, errors.MODEL_TIER_UNKNOWN_STORE({ name: store, known: stores }));
      else if (isolation === "bridge" && (kind === "queue" || kind === "topic"))
        report(path, errors.MODEL_TIER_BRIDGE_STORE({ name: store, kind }));
    }
    tiers[name] = {
      ...tier,
      name,
      services: expand(services, tier.services),
      stores: expand(stores, tier.stores),
    };
  }
  return tiers;
}

function expand(
  names: readonly string[],
  given: Readonly<Record<string, Isolation>>,
): Record<string, Isolation> {
  return Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(given, name) ? (given[name] ?? "pool") : "pool"]),
  );
}

export function resolveDefaultTier(parsed: ParsedDefinition, report: Report): string | null {
  const known = Object.keys(parsed.tiers);
  const { defaultTier } = parsed;
  if (defaultTier === undefined) return known.length === 1 ? (known[0] ?? null) : null;
  if (defaultTier !== null && !known.includes(defaultTier)) {
    report(["defaultTier"], errors.MODEL_DEFAULT_TIER_UNKNOWN({ name: defaultTier, known }));
  }
  return defaultTier;
}

/** The postgres store of the tenants' documents: the named one, or the only one there is. */
export function resolveTenantStore(parsed: ParsedDefinition, report: Report): string | null {
  const known = Object.entries(parsed.stores)
    .filter(([, store]) => store.kind === "postgres")
    .map(([name]) => name);
  const { tenantStore } = parsed;
  if (tenantStore === null) return null;
  if (tenantStore !== undefined) {
    if (!known.includes(tenantStore))
      report(["tenantStore"], errors.MODEL_TENANT_STORE_UNKNOWN({ name: tenantStore, known }));
    return tenantStore;
  }
  if (known.length > 1 && Object.keys(parsed.tiers).length > 0) {
    report(["tenantStore"], errors.MODEL_TENANT_STORE_AMBIGUOUS({ known }));
  }
  return known[0] ?? null;
}
