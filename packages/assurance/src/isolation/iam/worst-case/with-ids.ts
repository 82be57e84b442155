/** Ids for the marks of any tenants, by the name in the mark. */
export type Ids = Readonly<Record<string, string>>;

/** The value with the marks of tenants replaced by ids, in every text in it. */
export function withIds<Value>(value: Value, ids: Ids): Value {
  return replaced(value, ids) as Value;
}

function replaced(value: unknown, ids: Ids): unknown {
  if (typeof value === "string") return textWithIds(value, ids);
  if (Array.isArray(value)) return value.map((each) => replaced(each, ids));
  if (value instanceof Map)
    return new Map(
      [...(value as ReadonlyMap<unknown, unknown>)].map(([key, each]) => [
        replaced(key, ids),
        replaced(each, ids),
      ]),
    );
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, ids)]));
}

export function textWithIds(text: string, ids: Ids): string {
  if (!text.includes("⟨")) return text;
  return (
    text
      .replaceAll(/⟨(tenant|username):([^⟨⟩]*)⟩/gu, (whole, kind: string, name: string) => {
        const id = ids[name];
        return id === undefined ? whole : kind === "tenant" ? id : id.replaceAll("-", "_");
      })
      // In the mark of a resource the tenant stands in the stack's id.
      .replaceAll(/⟨tenant\/tenant:([^/⟨⟩]*)\//gu, (whole, name: string) => {
        const id = ids[name];
        return id === undefined ? whole : `⟨tenant/${id}/`;
      })
  );
}
