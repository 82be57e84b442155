/**
 * JSON with the keys of every object in one order (whole numbers first, then by code unit), so
 * that the same data always gives the same bytes. Arrays keep their order: where order carries no meaning, sort before.
 *
 * @param indent spaces per level; 0 writes one line
 */
export function stableJson(value: unknown, indent = 2): string {
  return JSON.stringify(sortKeys(value), undefined, indent);
}

/** The value itself where all in it is in order: what is large is mostly made so, and copies of it cost the most. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(sortKeys);
    return items.every((item, index) => Object.is(item, value[index])) ? value : items;
  }
  if ("toJSON" in value && typeof value.toJSON === "function") return value;
  const data = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(data);
  if (isInOrder(keys)) {
    let copy: Record<string, unknown> | null = null;
    for (const key of keys) {
      const child = sortKeys(data[key]);
      if (Object.is(child, data[key])) continue;
      copy ??= { ...data };
      copy[key] = child;
    }
    return copy ?? data;
  }
  // A null prototype keeps a key named __proto__ an ordinary key, and makes an object that is slow to write.
  const sorted = (keys.includes("__proto__") ? Object.create(null) : {}) as Record<string, unknown>;
  for (const key of keys.sort()) sorted[key] = sortKeys(data[key]);
  return sorted;
}

function isInOrder(keys: readonly string[]): boolean {
  let before = "";
  for (const key of keys) {
    if (key === "__proto__" || key < before) return false;
    before = key;
  }
  return true;
}
