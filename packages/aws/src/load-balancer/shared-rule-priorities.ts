import { routeDepth } from "./route-order.ts";

/** Priorities of the rules of shared services; those of tenants are below. */
const first = 40_001;
const last = 50_000;
/** Every depth of path has a band of its own: the deeper, the earlier it is asked. */
const depths = 10;
const band = (last - first + 1) / depths;

/**
 * The priority of each route's rule: a longer path before a shorter one, and "/" last. It follows from the route alone as long as no
 * two routes meet, so that another service changes no rule that is there: CloudFormation changes rules one by one, and AWS
 * refuses a priority that another rule still has.
 */
export function sharedRulePriorities(routes: readonly string[]): ReadonlyMap<string, number> {
  const priorities = new Map<string, number>();
  const taken = new Set<number>();
  for (const route of routes.toSorted()) {
    const depth = Math.min(depths - 1, routeDepth(route));
    const start = first + (depths - 1 - depth) * band;
    let offset = hashOf(route) % band;
    while (taken.has(start + offset)) offset = (offset + 1) % band;
    taken.add(start + offset);
    priorities.set(route, start + offset);
  }
  return priorities;
}

/** FNV-1a with 32 bits. */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  }
  return hash >>> 0;
}
