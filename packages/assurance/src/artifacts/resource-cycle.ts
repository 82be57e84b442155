/** The resources that need each other in circles, or what such a one needs them for; none where there is an order. */
export function resourceCycle(needs: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const open = new Map([...needs].map(([id, needed]) => [id, needed.size]));
  const neededBy = new Map<string, string[]>();
  for (const [id, needed] of needs) {
    for (const other of needed) {
      const known = neededBy.get(other);
      if (known === undefined) neededBy.set(other, [id]);
      else known.push(id);
    }
  }
  const free = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    open.delete(id);
    for (const other of neededBy.get(id) ?? []) {
      const left = (open.get(other) ?? 0) - 1;
      open.set(other, left);
      if (left === 0) free.push(other);
    }
  }
  return [...open.keys()].toSorted();
}
