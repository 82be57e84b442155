import type { Placement } from "@tenantry/model";

/**
 * The lowest free slot of the first cell with room; null where every cell is full.
 *
 * @param cells that there are; null where a cell is only a number, and there are as many as it takes
 * @param capacity tenants in a cell
 */
export function freePlacement(
  taken: readonly Placement[],
  cells: readonly number[] | null,
  capacity: number,
): Placement | null {
  const keys = new Set(taken.map(({ cell, slot }) => `${cell}/${slot}`));
  // Among one more than those that are taken there is one with room.
  const all = cells ?? Array.from({ length: taken.length + 1 }, (_, index) => index + 1);
  for (const cell of all.toSorted((a, b) => a - b)) {
    for (let slot = 1; slot <= capacity; slot += 1) if (!keys.has(`${cell}/${slot}`)) return { cell, slot };
  }
  return null;
}
