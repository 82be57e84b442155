import { z } from "zod";
import shipped from "./prices.json" with { type: "json" };

/** How much a price is to be trusted. */
export const confidences = ["price-list", "seen", "old-snapshot", "uncertain", "from-memory"] as const;
export type Confidence = (typeof confidences)[number];

const priceSchema = z.strictObject({
  /** Such as "fargate". */
  service: z.string().min(1),
  /** Such as "Linux ARM vCPU". */
  item: z.string().min(1),
  /** What the price is for: "hour", "GB-month", "10k requests". */
  unit: z.string().min(1),
  /** AWS region, or "everywhere". */
  region: z.string().min(1),
  usd: z.number().min(0),
  /** When it was seen, as exactly as is known; null where it is not. */
  asOf: z.string().nullable(),
  /** Where it was seen. */
  source: z.string().min(1),
  confidence: z.enum(confidences),
});

/** One price of AWS, on demand, without free tiers and without what a contract says. */
export type Price = Readonly<z.output<typeof priceSchema>>;

/** What is looked up: an item of a service. */
export interface PricedItem {
  readonly service: string;
  readonly item: string;
}

export interface FoundPrice {
  readonly price: Price;
  /** Whether it is the price of another region, because that of the region asked for is not known. */
  readonly isOtherRegion: boolean;
}

/** The region whose prices stand in, marked, for those of a region that the list does not have. */
const fallbackRegion = "us-east-1";

export interface PriceList {
  readonly prices: readonly Price[];
  /** Null where the list has the item neither for the region nor for the one that stands in. */
  readonly find: (region: string, item: PricedItem) => FoundPrice | null;
}

/** Reads a price list; throws a ZodError where it is none. */
export function readPriceList(data: unknown): PriceList {
  const prices = z.array(priceSchema).parse(data);
  const byKey = new Map(prices.map((price) => [keyOf(price.region, price), price]));
  return {
    prices,
    find: (region, item) => {
      const own = byKey.get(keyOf(region, item)) ?? byKey.get(keyOf("everywhere", item));
      if (own !== undefined) return { price: own, isOtherRegion: false };
      const other = byKey.get(keyOf(fallbackRegion, item));
      return other === undefined ? null : { price: other, isOtherRegion: true };
    },
  };
}

function keyOf(region: string, { service, item }: PricedItem): string {
  return `${region}\n${service}\n${item}`;
}

/** The prices that this package comes with. */
export const shippedPrices: PriceList = readPriceList(shipped);

/** How many of what is counted are in one unit: 10,000 for "10k requests". */
export function unitSize(unit: string): number {
  const match = /^(\d+)(k|M|B)?( |$)/.exec(unit);
  if (match === null) return 1;
  const factor = { k: 1e3, M: 1e6, B: 1e9 }[match[2] ?? ""] ?? 1;
  return Number(match[1]) * factor;
}
