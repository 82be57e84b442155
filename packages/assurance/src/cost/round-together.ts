import { splitByWeight } from "./money.ts";

/**
 * Rounds parts for print so that they still add up to their rounded sum: what rounding leaves over goes to the parts that
 * it cut most.
 *
 * @param parts none of them negative
 * @param unit what is rounded to, such as 10,000 millionths for cents
 * @returns the parts as multiples of the unit
 */
export function roundTogether(
  parts: readonly { readonly name: string; readonly amount: number }[],
  unit: number,
): readonly number[] {
  const sum = parts.reduce((total, { amount }) => total + amount, 0);
  return splitByWeight(
    Math.round(sum / unit),
    parts.map(({ name, amount }) => ({ name, weight: amount })),
  );
}
