import { assert } from "@tenantry/base";
import { errors } from "../errors.ts";

/**
 * Money as whole millionths of a US dollar. Everything is added and shared out in these, so that nothing is lost or made
 * on the way; rounding happens where a price becomes an amount, and where an amount is printed.
 */
export type MicroUsd = number;

const perUsd = 1_000_000;

/** What no single amount of a bill is above: sums of millions of them are still exact. */
export const usdMax = 1_000_000_000;

/**
 * The amount nearest to so many dollars.
 *
 * @throws ASSURANCE_COST_RANGE for more than `usdMax`
 */
export function microUsd(usd: number): MicroUsd {
  if (!(Math.abs(usd) <= usdMax)) throw errors.ASSURANCE_COST_RANGE({ usd });
  return Math.round(usd * perUsd);
}

/** A sum that is exact. @throws ASSURANCE_COST_RANGE where it would not be */
export function sumOfAmounts(amounts: readonly MicroUsd[]): MicroUsd {
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  if (!Number.isSafeInteger(sum)) throw errors.ASSURANCE_COST_RANGE({ usd: sum / perUsd });
  return sum;
}

export function usdOf(amount: MicroUsd): number {
  return amount / perUsd;
}

/** Such as "1,234.50"; an amount of less than a cent that is not nothing is "<0.01". */
export function formatUsd(amount: MicroUsd): string {
  if (amount !== 0 && Math.abs(amount) < perUsd / 200) return amount < 0 ? "-<0.01" : "<0.01";
  const cents = Math.round(Math.abs(amount) / (perUsd / 100));
  const whole = Math.trunc(cents / 100)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "-" : ""}${whole}.${String(cents % 100).padStart(2, "0")}`;
}

/** What a part is of something, by a name that orders parts whose claims are equal. */
export interface Weighted {
  readonly name: string;
  /** Not negative and finite. */
  readonly weight: number;
}

/** Weights may have this many decimals. */
const weightScale = 1_000_000;

/**
 * Shares an amount out by weight, to the last millionth: everybody gets the whole part of their share, and what is left
 * goes to those whose share was cut most, by name where that is equal. Equal shares where nobody has a weight. The order
 * of the parts does not matter.
 *
 * @returns the shares in the order of the parts
 */
export function splitByWeight(amount: MicroUsd, parts: readonly Weighted[]): readonly MicroUsd[] {
  if (parts.length === 0) {
    assert(amount === 0, "an amount that nobody takes");
    return [];
  }
  assert(amount >= 0, "only costs are shared out");
  const weights = wholeWeights(parts);
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const whole = BigInt(amount);
  const exact = weights.map((weight) => whole * weight);
  const shares = exact.map((product) => Number(product / total));
  const rests = exact.map((product) => product % total);
  let left = amount - shares.reduce((sum, share) => sum + share, 0);
  if (left === 0) return shares;
  const order = parts
    .map((_, index) => index)
    .sort(
      (a, b) => compareBig(rests[b] ?? 0n, rests[a] ?? 0n) || compareText(parts[a]?.name, parts[b]?.name),
    );
  for (const index of order) {
    if (left === 0) break;
    shares[index] = (shares[index] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}

/** Equal where nobody has a weight, or all are smaller than the smallest that counts. */
function wholeWeights(parts: readonly Weighted[]): readonly bigint[] {
  const weights = parts.map(({ weight }) => {
    assert(Number.isFinite(weight) && weight >= 0, `${weight} is no weight`);
    return BigInt(Math.round(weight * weightScale));
  });
  return weights.some((weight) => weight > 0n) ? weights : weights.map(() => 1n);
}

function compareBig(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareText(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
