import { charactersMeet, type Place } from "./token.ts";

/**
 * From which pairs of places the ends can be reached at all if every character of a variable is taken for itself: a
 * table of pairs, row by row. What is not in it need not be tried; where not even the beginnings are, no text matches both.
 */
export function promisingPairs(left: readonly Place[], right: readonly Place[]): Uint8Array {
  const width = right.length;
  const reached = new Uint8Array(left.length * width);
  reached[0] = 1;
  // Every step leads further on one side at least, so that one pass in the order of the table is enough.
  eachPair(left, right, (row, column, one, other) => {
    if (reached[row * width + column] === 0) return;
    for (const target of stepsFrom(row, column, one, other, width)) reached[target] = 1;
  });
  const promising = new Uint8Array(left.length * width);
  promising[promising.length - 1] = reached[promising.length - 1] ?? 0;
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = width - 1; column >= 0; column--) {
      const pair = row * width + column;
      if (reached[pair] === 0 || promising[pair] === 1) continue;
      const steps = stepsFrom(row, column, left[row] as Place, right[column] as Place, width);
      if (steps.some((target) => promising[target] === 1)) promising[pair] = 1;
    }
  return promising;
}

function eachPair(
  left: readonly Place[],
  right: readonly Place[],
  visit: (row: number, column: number, one: Place, other: Place) => void,
): void {
  for (const [row, one] of left.entries())
    for (const [column, other] of right.entries()) visit(row, column, one, other);
}

function stepsFrom(row: number, column: number, one: Place, other: Place, width: number): readonly number[] {
  const steps: number[] = [];
  if (one.skip !== -1) steps.push(one.skip * width + column);
  if (other.skip !== -1) steps.push(row * width + other.skip);
  if (!bothGoOn(one, other) && charactersMeet(one, other)) steps.push(one.next * width + other.next);
  return steps;
}

/** Two `*` need not take the same character: without it the rest of the text is the same. */
export const bothGoOn = (one: Place, other: Place): boolean =>
  one.token?.kind === "any-text" && other.token?.kind === "any-text";
