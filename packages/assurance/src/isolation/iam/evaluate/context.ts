/** What the context of a request says of a key. */
export type ContextValue =
  | { readonly kind: "absent" }
  | { readonly kind: "single"; readonly value: string }
  /** A key that has many values, such as aws:TagKeys. */
  | { readonly kind: "many"; readonly values: readonly string[] }
  /** Absent, or any value: the caller chooses it, or nobody knows it. */
  | { readonly kind: "any" };

/** The value of a key, which is asked for in lower case. */
export type ContextLookup = (key: string) => ContextValue;

export const absent: ContextValue = Object.freeze({ kind: "absent" });
export const anyValue: ContextValue = Object.freeze({ kind: "any" });

/** The context of a request that is completely known; keys without regard to case. */
export function contextOf(values: Readonly<Record<string, string | readonly string[]>>): ContextLookup {
  const known = new Map(
    Object.entries(values).map(([key, value]): [string, ContextValue] => [
      key.toLowerCase(),
      typeof value === "string" ? { kind: "single", value } : { kind: "many", values: value },
    ]),
  );
  return (key) => known.get(key) ?? absent;
}
