import type { Charge, CostComponent, IdleReason, Sharers, UsageKey } from "./charge.ts";
import type { MicroUsd } from "./money.ts";
import type { Confidence } from "./prices/price-list.ts";

/** What a reader must know about an amount before believing it. */
export type CostMark =
  /** A figure of it is a default that nobody changed. */
  | "assumed"
  /** The price is from memory, and from no source. */
  | "from-memory"
  /** The price was seen some years ago. */
  | "old-price"
  /** The price is from a third party, or derived from a bill. */
  | "unsure-price"
  /** The price is that of us-east-1, because the region's own is not known. */
  | "other-region"
  /** The amount depends on something that the line says. */
  | "caution";

/** One amount of a month: so many of something at a price. */
export interface CostLine {
  readonly component: CostComponent;
  /** Key of the resource; of a tenant's stack that of its template. */
  readonly resource: string;
  /** What of it is charged for, such as "Linux ARM vCPU". */
  readonly item: string;
  readonly region: string;
  readonly role: "primary" | "recovery";
  /** The tier whose tenants each have one; null where tenants share it. */
  readonly tier: string | null;
  /** How many tenants have one of it; 1 where it is shared. */
  readonly copies: number;
  readonly quantity: number;
  readonly unit: string;
  readonly unitPriceUsd: number;
  /** Of one copy. */
  readonly monthlyMicroUsd: MicroUsd;
  readonly nature: Charge["nature"];
  readonly basis: string;
  readonly assumes: readonly UsageKey[];
  readonly marks: readonly CostMark[];
  readonly caution: string | null;
  /** Where the price is from, and when it was seen. */
  readonly price: {
    readonly asOf: string | null;
    readonly source: string;
    readonly confidence: Confidence;
    readonly region: string;
  };
  readonly sharers: Sharers;
  /** The part of it that nobody uses. */
  readonly idle: { readonly monthlyMicroUsd: MicroUsd; readonly because: IdleReason } | null;
}

/** What costs money and is not in the sum. */
export interface UnpricedItem {
  /** The type of resource. */
  readonly type: string;
  readonly what: string;
  readonly because: string;
  /** How many resources it is of, those of all tenants included. */
  readonly count: number;
  /** Some of them. */
  readonly resources: readonly string[];
}
