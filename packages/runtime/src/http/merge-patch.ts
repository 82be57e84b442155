import type { JsonObject, JsonValue } from "../tenant-store/tenant-tables.ts";

/**
 * Applies a JSON Merge Patch (RFC 7396): null removes a member, an object is merged, anything
 * else replaces. The inputs stay as they are. Their depth is bounded by whoever read them.
 */
export function mergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  // A map has no inherited members, so that no key can reach a prototype.
  const merged = new Map<string, JsonValue>(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key) ?? null, value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
