import { expect, it } from "vitest";
import { readPriceList, shippedPrices, unitSize } from "./price-list.ts";

const price = {
  service: "nat",
  item: "NAT gateway hour",
  unit: "hour",
  region: "us-east-1",
  usd: 0.045,
  asOf: "2026-09-23",
  source: "a note",
  confidence: "seen",
};

it("finds the price of a region, and says where another region's stands in", () => {
  const list = readPriceList([price, { ...price, region: "eu-west-1", usd: 0.048 }]);
  expect(list.find("eu-west-1", price)).toMatchObject({ price: { usd: 0.048 }, isOtherRegion: false });
  expect(list.find("sa-east-1", price)).toMatchObject({ price: { usd: 0.045 }, isOtherRegion: true });
});

it("has no price where neither the region nor us-east-1 has one", () => {
  const list = readPriceList([{ ...price, region: "eu-west-1" }]);
  expect(list.find("us-west-2", price)).toBeNull();
  expect(list.find("eu-west-1", { service: "nat", item: "NAT gateway" })).toBeNull();
});

it("has one price everywhere for what costs the same everywhere", () => {
  const list = readPriceList([{ ...price, region: "everywhere" }]);
  expect(list.find("sa-east-1", price)).toMatchObject({ isOtherRegion: false });
});

it.each([
  ["a negative price", { ...price, usd: -1 }],
  ["a price without a source", { ...price, source: "" }],
  ["a confidence of its own", { ...price, confidence: "sure" }],
  ["a field that nobody knows", { ...price, discount: 1 }],
])("refuses %s", (_, row) => expect(() => readPriceList([row])).toThrow(/"path"/));

it("comes with prices that each say when and where they were seen", () => {
  const { prices } = shippedPrices;
  const keys = prices.map(({ service, item, region }) => `${service} ${item} ${region}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { confidence, source, asOf } of prices) {
    expect(source).not.toBe("");
    if (confidence === "from-memory") expect({ source, asOf }).toEqual({ source: "from memory", asOf: null });
    else expect(source).not.toBe("from memory");
    if (confidence === "seen") expect(asOf).toMatch(/^20(2[4-9])/);
  }
});

it.each([
  ["hour", 1],
  ["GB-month", 1],
  ["10k requests", 10_000],
  ["1M requests", 1_000_000],
  ["100k", 100_000],
  ["1B samples", 1_000_000_000],
])("counts %s as %i", (unit, size) => expect(unitSize(unit)).toBe(size));
