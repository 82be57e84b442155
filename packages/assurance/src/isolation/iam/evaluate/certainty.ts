/** Three-valued truth: `maybe` is what depends on something that is not known, or that whoever asks may choose. */
export type Certainty = "no" | "maybe" | "yes";

export const not = (value: Certainty): Certainty =>
  value === "yes" ? "no" : value === "no" ? "yes" : "maybe";

export const certainty = (value: boolean): Certainty => (value ? "yes" : "no");

/** The least certain; `yes` for none. Stops at the first `no`. */
export function every<Item>(items: Iterable<Item>, judge: (item: Item) => Certainty): Certainty {
  let result: Certainty = "yes";
  for (const item of items) {
    const value = judge(item);
    if (value === "no") return "no";
    if (value === "maybe") result = "maybe";
  }
  return result;
}

/** The most certain; `no` for none. Stops at the first `yes`. */
export function some<Item>(items: Iterable<Item>, judge: (item: Item) => Certainty): Certainty {
  let result: Certainty = "no";
  for (const item of items) {
    const value = judge(item);
    if (value === "yes") return "yes";
    if (value === "maybe") result = "maybe";
  }
  return result;
}

export const both = (a: Certainty, b: Certainty): Certainty =>
  a === "no" || b === "no" ? "no" : a === "maybe" || b === "maybe" ? "maybe" : "yes";

export const either = (a: Certainty, b: Certainty): Certainty => not(both(not(a), not(b)));
