import type { Platform, PlatformService, Tier } from "@tenantry/model";
import { errors } from "../errors.ts";

type Routed = PlatformService & { readonly route: string };
type Tiers = Platform["tiers"];

/** Who comes before whom in a listener, by name of the service. */
export interface RouteOrder {
  /** Shared services whose rules stand before those of all tenants, in order, from priority 1. */
  readonly front: readonly string[];
  /** Services that a tenant may have to itself, in the order of their rules; the list is the same for every tier. */
  readonly tenants: readonly string[];
  /** The routes of the other shared services, whose rules stand behind. */
  readonly behind: readonly string[];
}

/**
 * The order of the rules of a listener. A tenant's rule asks for its hosts, and a shared one for all, so tenants come first; but
 * where a tenant has "/" to itself and shares "/api", the shared rule must be asked before "/" takes what is meant for it.
 */
export function routeOrder(services: readonly PlatformService[], tiers: Tiers): RouteOrder {
  const routed = services.filter(isRouted).toSorted(deeperFirst);
  const own = routed.filter(({ name }) => isOwnSomewhere(name, tiers));
  const front = routed.filter(
    (service) => !own.includes(service) && own.some((other) => isBelow(service.route, other.route)),
  );
  return {
    front: front.map(({ name }) => name),
    tenants: own.map(({ name }) => name),
    behind: routed.filter((service) => !front.includes(service)).map(({ route }) => route),
  };
}

/** Throws AWS_ROUTE_SHADOWED where no order of rules lets every service of a tier have what is meant for it. */
export function requireRoutes(services: readonly PlatformService[], tiers: Tiers, tier: Tier): void {
  const { front } = routeOrder(services, tiers);
  const routed = services.filter(isRouted);
  const shared = routed.filter(({ name }) => tier.services[name] === "pool");
  const own = routed.filter(({ name }) => tier.services[name] === "silo");
  for (const one of shared) {
    for (const other of own) {
      const isFront = front.includes(one.name);
      if (!isFront && isBelow(one.route, other.route)) throw shadowed(tier, one, other);
      if (isFront && isBelow(other.route, one.route)) throw shadowed(tier, other, one);
    }
  }
}

function shadowed({ name: tier }: Tier, hidden: Routed, by: Routed) {
  return errors.AWS_ROUTE_SHADOWED({ tier, service: hidden.name, route: hidden.route, by: by.name });
}

function isRouted(service: PlatformService): service is Routed {
  return service.route !== null;
}

function isOwnSomewhere(service: string, tiers: Tiers): boolean {
  return Object.values(tiers).some((tier) => tier.services[service] === "silo");
}

function isBelow(inner: string, outer: string): boolean {
  return inner !== outer && (outer === "/" || inner.startsWith(`${outer}/`));
}

function deeperFirst(a: Routed, b: Routed): number {
  return routeDepth(b.route) - routeDepth(a.route) || (a.name < b.name ? -1 : 1);
}

/** How many parts a path has; none for "/". */
export function routeDepth(route: string): number {
  return route.split("/").filter((part) => part !== "").length;
}
