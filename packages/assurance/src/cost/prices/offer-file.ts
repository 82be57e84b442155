import { z } from "zod";
import { errors } from "../../errors.ts";
import { offerItem } from "./offer-rules.ts";
import { type Price, type PriceList, readPriceList } from "./price-list.ts";

/**
 * AWS's price list in bulk: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 * Only what is looked at is described.
 */
const offerSchema = z.object({
  offerCode: z.string(),
  publicationDate: z.string().regex(/^\d{4}-\d{2}-\d{2}T/),
  products: z.record(
    z.string(),
    z.object({
      productFamily: z.string().default(""),
      attributes: z.record(z.string(), z.string()),
    }),
  ),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            priceDimensions: z.record(
              z.string(),
              z.object({
                beginRange: z.string().default("0"),
                pricePerUnit: z.object({ USD: z.string().regex(/^\d+(\.\d+)?$/) }).partial(),
              }),
            ),
          }),
        ),
      )
      .default({}),
  }),
});
type Offer = z.output<typeof offerSchema>;

/** What the usage types of a region begin with. Those of us-east-1 may begin with nothing. */
const prefixes: ReadonlyMap<string, readonly string[]> = new Map([
  ["us-east-1", ["", "USE1-"]],
  ["us-east-2", ["USE2-"]],
  ["us-west-1", ["USW1-"]],
  ["us-west-2", ["USW2-"]],
  ["ca-central-1", ["CAN1-"]],
  ["eu-west-1", ["EU-", "EUW1-"]],
  ["eu-west-2", ["EUW2-"]],
  ["eu-west-3", ["EUW3-"]],
  ["eu-central-1", ["EUC1-"]],
  ["eu-north-1", ["EUN1-"]],
  ["ap-south-1", ["APS3-"]],
  ["ap-southeast-1", ["APS1-"]],
  ["ap-southeast-2", ["APS2-"]],
  ["ap-northeast-1", ["APN1-"]],
  ["ap-northeast-2", ["APN2-"]],
  ["sa-east-1", ["SAE1-"]],
]);

/**
 * The prices of an offer file that this package has a use for, each with the date of the file.
 *
 * @param content the file, parsed
 * @param path as the user would write it
 * @throws ASSURANCE_PRICE_LIST_INVALID where it is no offer file, where nothing of it is of use, or where it has two prices for one thing
 */
export function pricesOfOffer(content: unknown, path: string): readonly Price[] {
  const read = offerSchema.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    const detail = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`;
    throw errors.ASSURANCE_PRICE_LIST_INVALID({ path, detail });
  }
  const found = new Map<string, Price>();
  for (const sku of Object.keys(read.data.products)) {
    const price = priceOfProduct(sku, read.data);
    if (price === null) continue;
    const key = `${price.region}: ${price.service}: ${price.item}`;
    const other = found.get(key);
    if (other !== undefined && other.usd !== price.usd) {
      const detail = `it has two prices for ${key}, ${other.usd} and ${price.usd}`;
      throw errors.ASSURANCE_PRICE_LIST_INVALID({ path, detail });
    }
    found.set(key, price);
  }
  if (found.size === 0) {
    const detail = `nothing of ${read.data.offerCode} in it is charged for here`;
    throw errors.ASSURANCE_PRICE_LIST_INVALID({ path, detail });
  }
  return [...found.values()];
}

function priceOfProduct(sku: string, { offerCode, publicationDate, products, terms }: Offer): Price | null {
  const product = products[sku];
  const region = product?.attributes["regionCode"];
  const written = product?.attributes["usagetype"];
  if (product === undefined || region === undefined || written === undefined) return null;
  const { productFamily, attributes } = product;
  for (const prefix of prefixes.get(region) ?? []) {
    if (!written.startsWith(prefix)) continue;
    const usageType = written.slice(prefix.length);
    const item = offerItem({ offerCode, productFamily, usageType, attributes });
    const usd = usdOfTerms(terms.OnDemand[sku] ?? {});
    if (item === null || usd === null) continue;
    return {
      service: item.service,
      item: item.item,
      unit: item.unit,
      region,
      // AWS writes ten decimals; the product of such a number and a million has no more of them that mean anything.
      usd: Number((usd * item.factor).toPrecision(12)),
      asOf: publicationDate.slice(0, "2026-09-25".length),
      source: `AWS price list ${offerCode}, sku ${sku}`,
      confidence: "price-list",
    };
  }
  return null;
}

/** The price of the first unit. Free tiers and what a reservation covers stand beside it with a price of nothing. */
function usdOfTerms(terms: Offer["terms"]["OnDemand"][string]): number | null {
  const dimensions = Object.values(terms)
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .map(({ beginRange, pricePerUnit }) => ({
      from: Number(beginRange),
      usd: Number(pricePerUnit.USD ?? "0"),
    }))
    .filter(({ usd }) => usd > 0)
    .sort((a, b) => a.from - b.from);
  return dimensions[0]?.usd ?? null;
}

/** A list in which newer prices stand for those of the same item and region. */
export function withPrices(list: PriceList, newer: readonly Price[]): PriceList {
  const keyOf = ({ region, service, item }: Price) => `${region}\n${service}\n${item}`;
  const replaced = new Set(newer.map(keyOf));
  return readPriceList([...list.prices.filter((price) => !replaced.has(keyOf(price))), ...newer]);
}
