/**
 * JSON with the keys of every object in one order (whole numbers first, then by code unit), so
 * that the same data always gives the same bytes. Arrays keep their order: where order carries no meaning, sort before.
 *
 * @param indent spaces per level; 0 writes one line
 */
export function stableJson(value: unknown, indent = 2): string {
  return JSON.stringify(sortKeys(value), undefined, indent);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") return value;
  const keys = Object.keys(value).sort();
  // A null prototype keeps a key named __proto__ an ordinary key, and makes an object that is slow to write.
  const sorted = (keys.includes("__proto__") ? Object.create(null) : {}) as Record<string, unknown>;
  for (const key of keys) {
    sorted[key] = sortKeys((value as Record<string, unknown>)[key]);
  }
  return sorted;
}
