import { assert } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { TenantId } from "../tenant-id.ts";
import { emptyLock, type Placement, type PlacementLock, type Placements } from "./lock.ts";

export interface PlaceOptions {
  /** Tenants per cell, at least 1. A tenant that is there already stays even where it is more. */
  readonly capacity: number;
  /** Placements that a running platform gave, also to tenants that no definition names. Never given away. */
  readonly reserved?: Placements;
}

/**
 * The lock after one environment's declared tenants are `tenants`.
 *
 * A placement is given once: a tenant that has one keeps it, whoever comes or goes. A new one
 * gets the lowest slot of the lowest cell that nobody has, in the order of ids within a batch.
 * A tenant that is no longer declared leaves the lock, and its slot may be given again.
 *
 * Throws MODEL_PLACEMENT_CONFLICT and MODEL_PLACEMENT_MOVED where lock and running platform disagree.
 */
export function place(
  lock: PlacementLock,
  environment: string,
  tenants: readonly TenantId[],
  options: PlaceOptions,
): PlacementLock {
  assert(
    Number.isSafeInteger(options.capacity) && options.capacity >= 1,
    `capacity ${options.capacity} of a cell`,
  );
  const before = Object.hasOwn(lock.environments, environment) ? (lock.environments[environment] ?? {}) : {};
  const reserved = options.reserved ?? {};
  const wanted = [...new Set(tenants)].sort();
  const kept = new Map<string, Placement>();
  const taken = new Set<string>();
  const key = ({ cell, slot }: Placement) => `${cell}/${slot}`;

  const owners = new Map(Object.entries(reserved).map(([id, placement]) => [key(placement), id]));
  for (const placement of Object.values(reserved)) taken.add(key(placement));
  for (const id of wanted) {
    const locked = Object.hasOwn(before, id) ? before[id] : undefined;
    const running = Object.hasOwn(reserved, id) ? reserved[id] : undefined;
    if (locked !== undefined && running !== undefined && key(locked) !== key(running)) {
      throw errors.MODEL_PLACEMENT_MOVED({
        tenant: id,
        locked: describe(locked),
        running: describe(running),
      });
    }
    const placement = locked ?? running;
    if (placement === undefined) continue;
    const owner = owners.get(key(placement));
    if (owner !== undefined && owner !== id) {
      throw errors.MODEL_PLACEMENT_CONFLICT({ tenant: id, other: owner, ...placement });
    }
    kept.set(id, placement);
    taken.add(key(placement));
  }

  let next: Placement = { cell: 1, slot: 1 };
  const placements: Record<string, Placement> = {};
  for (const id of wanted) {
    let placement = kept.get(id);
    if (placement === undefined) {
      while (taken.size > 0 && taken.has(key(next))) next = after(next, options.capacity);
      placement = next;
      next = after(next, options.capacity);
    }
    placements[id] = placement;
  }
  return { version: 1, environments: { ...lock.environments, [environment]: placements } };
}

/** The placements of one environment; none where the lock does not know it. */
export function placementsOf(lock: PlacementLock = emptyLock, environment: string): Placements {
  return Object.hasOwn(lock.environments, environment) ? (lock.environments[environment] ?? {}) : {};
}

function after({ cell, slot }: Placement, capacity: number): Placement {
  return slot < capacity ? { cell, slot: slot + 1 } : { cell: cell + 1, slot: 1 };
}

function describe({ cell, slot }: Placement): string {
  return `cell ${cell} slot ${slot}`;
}
