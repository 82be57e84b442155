/** What a naming pattern such as `{platform}-{tenant}-data-{environment}` may name. */
export const placeholders = [
  "platform",
  "environment",
  "region",
  "service",
  "store",
  "tenant",
  "domain",
] as const;
export type Placeholder = (typeof placeholders)[number];

const placeholderShape = /\{([^{}]*)\}/g;

/** The names between braces, in the order in which they stand. */
export function placeholdersOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(placeholderShape)].map((match) => match[1] ?? "");
}

/** Fills the placeholders that have a value and leaves the others, such as `{tenant}`, as they are. */
export function fillPattern(pattern: string, values: Readonly<Partial<Record<Placeholder, string>>>): string {
  return pattern.replaceAll(placeholderShape, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name as Placeholder] ?? whole) : whole,
  );
}

/** Fills in the tenant where nothing else is left open. */
export function fillTenant(pattern: string, tenant: string): string {
  return pattern.replaceAll("{tenant}", tenant);
}

export function hasTenant(pattern: string): boolean {
  return pattern.includes("{tenant}");
}
