import type { CostEstimate } from "@tenantry/assurance/cost";

/** A row of a bill that was made by hand: what is charged for, where, and the arithmetic of a month in dollars. */
export type BillRow = readonly [component: string, region: string, item: string, usd: number];

/** The amounts of an estimate by component, region and item, in dollars. */
function billOf({ lines }: CostEstimate): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { component, region, item, monthlyMicroUsd, copies } of lines) {
    const key = `${component} | ${region} | ${item}`;
    sums.set(key, (sums.get(key) ?? 0) + (monthlyMicroUsd * copies) / 1_000_000);
  }
  return sums;
}

/** Where an estimate and a bill made by hand differ by more than rounding; nothing where they agree. */
export function differences(estimate: CostEstimate, bill: readonly BillRow[]): readonly string[] {
  const found = billOf(estimate);
  const expected = new Map<string, number>();
  for (const [component, region, item, usd] of bill) {
    const key = `${component} | ${region} | ${item}`;
    expected.set(key, (expected.get(key) ?? 0) + usd);
  }
  return [...new Set([...found.keys(), ...expected.keys()])].sort().flatMap((key) => {
    const [one, other] = [found.get(key), expected.get(key)];
    if (one === undefined) return [`${key}: missing, by hand ${other}`];
    if (other === undefined) return [`${key}: ${one}, by hand nothing`];
    // Each line of an estimate is rounded to a millionth; the bill by hand is not.
    return Math.abs(one - other) > 0.0001 ? [`${key}: ${one}, by hand ${other}`] : [];
  });
}
