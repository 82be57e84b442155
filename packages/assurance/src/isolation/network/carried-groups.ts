import type { Interface } from "./network-model.ts";

/** The interfaces that carry each group. */
export function carriersByGroup(interfaces: readonly Interface[]): ReadonlyMap<string, readonly Interface[]> {
  const carriers = new Map<string, Interface[]>();
  for (const one of interfaces) {
    for (const group of one.groups ?? []) {
      const known = carriers.get(group);
      if (known === undefined) carriers.set(group, [one]);
      else known.push(one);
    }
  }
  return carriers;
}
