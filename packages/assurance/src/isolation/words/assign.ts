import { charactersOf, hyphen } from "./letters.ts";
import type { Store } from "./store.ts";

export type Assignment =
  | { readonly kind: "texts"; readonly texts: readonly string[] }
  /** Two texts that must differ are the same whatever is chosen. */
  | { readonly kind: "impossible" }
  /** No choice was found, which does not say that there is none. */
  | { readonly kind: "not-found" };

type Apart = Map<number, readonly number[]>;

/** A text for every variable, by index. What is open is made as short as it may be. */
export function assign(store: Store): Assignment {
  const { variables } = store;
  for (const [index] of variables.entries()) if (!endSomewhere(store, index)) return { kind: "not-found" };
  const apart = differences(store);
  if (apart === undefined) return { kind: "impossible" };
  const chosen = new Map<number, string>();
  for (const [index] of variables.entries())
    for (let offset = 0; offset < (store.lengthOf(index) ?? 0); offset++) {
      const root = store.classOf(index, offset);
      if (chosen.has(root)) continue;
      const character = choose(store, root, apart, chosen);
      if (character === undefined) return { kind: "not-found" };
      chosen.set(root, character);
    }
  const texts = variables.map((_, index) =>
    Array.from(
      { length: store.lengthOf(index) ?? 0 },
      (_, offset) => chosen.get(store.classOf(index, offset)) ?? "",
    ).join(""),
  );
  return { kind: "texts", texts };
}

function endSomewhere(store: Store, index: number): boolean {
  if (store.lengthOf(index) !== undefined) return true;
  const { lengthMin = 0, lengthMax = 0 } = store.variables[index] ?? {};
  const checkpoint = store.checkpoint();
  for (let length = lengthMin; length <= lengthMax; length++) {
    if (store.end(index, length)) return true;
    store.rollBack(checkpoint);
  }
  return false;
}

/** Classes of characters that must differ so that all texts do that must; undefined where some cannot. */
function differences(store: Store): Apart | undefined {
  const apart: Apart = new Map();
  for (const [one] of store.variables.entries())
    for (let other = 0; other < one; other++) {
      if (!store.mustDiffer(one, other)) continue;
      const places = store.placesOfDifference(one, other);
      if (places.length === 0) return undefined;
      if (places.some(([left, right]) => (store.lettersOfClass(left) & store.lettersOfClass(right)) === 0n))
        continue;
      const burden = ([left, right]: readonly [number, number]): number =>
        (apart.get(left)?.length ?? 0) + (apart.get(right)?.length ?? 0);
      const [left, right] = places.reduce((best, place) => (burden(place) < burden(best) ? place : best));
      apart.set(left, [...(apart.get(left) ?? []), right]);
      apart.set(right, [...(apart.get(right) ?? []), left]);
    }
  return apart;
}

/** A hyphen is only taken where nothing else is possible, so that none stands beside another or at an end. */
function choose(
  store: Store,
  root: number,
  apart: Apart,
  chosen: ReadonlyMap<number, string>,
): string | undefined {
  const letters = store.lettersOfClass(root);
  const taken = (apart.get(root) ?? []).map((other) => chosen.get(other) ?? onlyCharacter(store, other));
  return charactersOf(letters === hyphen ? letters : letters & ~hyphen).find((free) => !taken.includes(free));
}

function onlyCharacter(store: Store, root: number): string | undefined {
  const characters = charactersOf(store.lettersOfClass(root));
  return characters.length === 1 ? characters[0] : undefined;
}
