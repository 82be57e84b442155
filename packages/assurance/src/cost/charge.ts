import type { costComponents, Platform } from "@tenantry/model";
import type { PricedItem } from "./prices/price-list.ts";

/** What cost is told by, such as "databases". */
export type CostComponent = (typeof costComponents)[number];
export type Usage = Platform["cost"]["usage"];
/** Name of an assumption, such as "requestsPerTenant". */
export type UsageKey = keyof Usage;

/** Hours of a month, as AWS's own calculator counts them: 365 days of 24 hours by 12. */
export const hoursPerMonth = 730;
export const secondsPerMonth = hoursPerMonth * 3600;
export const daysPerMonth = hoursPerMonth / 24;

/** What one resource is charged for, before it is priced. */
export interface Charge {
  readonly kind: "charge";
  readonly component: CostComponent;
  readonly priced: PricedItem;
  /** How many of what the price is for: hours, GB-months, single requests. */
  readonly quantity: number;
  /** Whether it is there without a single request, or follows from use. */
  readonly nature: "fixed" | "usage";
  /** Where the quantity comes from: a property, or an assumption. */
  readonly basis: string;
  readonly assumes: readonly UsageKey[];
  /** Where the price is another region's than the resource's. */
  readonly region?: string;
  /** Who uses it; everybody where it is left out. */
  readonly sharers?: Sharers;
  /** How much of it nobody uses, and why. */
  readonly idle?: Idle;
  /** What makes the amount less sure than its price. */
  readonly caution?: string;
}

/** Who bears what is shared. */
export type Sharers =
  | { readonly kind: "everybody" }
  /** The tenants that have no such service of their own. */
  | { readonly kind: "service"; readonly name: string }
  /** The tenants that have no such store of their own. */
  | { readonly kind: "store"; readonly name: string }
  | { readonly kind: "cell"; readonly cell: number };

export const everybody: Sharers = Object.freeze({ kind: "everybody" });

export interface Idle {
  /** From 0 to 1. */
  readonly part: number;
  readonly because: IdleReason;
}

/** The kinds of capacity that nobody uses. */
export type IdleReason = "standby-region" | "free-slots" | "tasks-above-need";

/** What costs money and is not in the estimate. */
export interface NotPriced {
  readonly kind: "not-priced";
  readonly what: string;
  readonly because: string;
}

/** What costs nothing, though others of its type do. */
export interface NoCharge {
  readonly kind: "no-charge";
  readonly because: string;
}

export type CostOutcome = Charge | NotPriced | NoCharge;

export const notPriced = (what: string, because: string): NotPriced => ({
  kind: "not-priced",
  what,
  because,
});
export const noCharge = (because: string): NoCharge => ({ kind: "no-charge", because });

type ChargeDetails = Pick<Charge, "quantity" | "basis"> &
  Partial<Pick<Charge, "assumes" | "region" | "sharers" | "idle" | "caution">>;

/** A charge that is there without a single request. */
export function fixed(component: CostComponent, priced: PricedItem, details: ChargeDetails): Charge {
  return { kind: "charge", component, priced, nature: "fixed", assumes: [], ...details };
}

/** A charge that follows from use. */
export function usage(component: CostComponent, priced: PricedItem, details: ChargeDetails): Charge {
  return { kind: "charge", component, priced, nature: "usage", assumes: [], ...details };
}

/** A quantity whose price falls with its amount: the part of it that each price is for. */
export function graduated(
  quantity: number,
  steps: readonly { readonly upTo: number; readonly item: string }[],
): readonly { readonly item: string; readonly quantity: number }[] {
  let below = 0;
  return steps.flatMap(({ upTo, item }) => {
    const part = Math.max(0, Math.min(quantity, upTo) - below);
    below = upTo;
    return part > 0 ? [{ item, quantity: part }] : [];
  });
}

/** Such as "1,234.5", for a basis that a person reads. */
export function countText(count: number): string {
  const rounded = Math.round(count * 1000) / 1000;
  const [whole = "", decimals] = String(rounded).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}
