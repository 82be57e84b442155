export type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Freezes plain data all the way down, so that nobody downstream can bend what was resolved. */
export function deepFreeze<T>(value: T): DeepReadonly<T> {
  freezeUnseen(value, new Set());
  return value as DeepReadonly<T>;
}

/** What is frozen already may still hold what is not, so it is looked into as well. */
function freezeUnseen(value: unknown, seen: Set<object>): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  Object.freeze(value);
  for (const child of Object.values(value)) freezeUnseen(child, seen);
}
