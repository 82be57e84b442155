import { expect, it } from "vitest";
import { pricedShipment } from "../../../test/priced-shipment.ts";
import { estimateCost } from "../estimate-cost.ts";
import { pricesOfOffer, withPrices } from "./offer-file.ts";
import { shippedPrices } from "./price-list.ts";

interface Sample {
  readonly usagetype: string;
  readonly region?: string;
  readonly family?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Price of each range, by where it begins. */
  readonly usd: Readonly<Record<string, string>>;
}

/** An offer file in the shape that AWS publishes. */
function offerFile(offerCode: string, samples: readonly Sample[]) {
  const skus = samples.map((sample, index) => [`SKU${index}`, sample] as const);
  return {
    formatVersion: "v1.0",
    disclaimer: "This pricing list is for informational purposes only.",
    offerCode,
    version: "20260925174521",
    publicationDate: "2026-09-25T17:45:21Z",
    products: Object.fromEntries(
      skus.map(([sku, { usagetype, region = "us-east-1", family = "Compute", attributes }]) => [
        sku,
        {
          sku,
          productFamily: family,
          attributes: {
            servicecode: offerCode,
            locationType: "AWS Region",
            regionCode: region,
            usagetype,
            ...attributes,
          },
        },
      ]),
    ),
    terms: {
      OnDemand: Object.fromEntries(
        skus.map(([sku, { usd }]) => [
          sku,
          {
            [`${sku}.JRTCKXETXF`]: {
              offerTermCode: "JRTCKXETXF",
              sku,
              effectiveDate: "2026-09-01T00:00:00Z",
              priceDimensions: Object.fromEntries(
                Object.entries(usd).map(([beginRange, price]) => [
                  `${sku}.JRTCKXETXF.${beginRange}`,
                  {
                    unit: "hours",
                    beginRange,
                    endRange: "Inf",
                    description: "",
                    pricePerUnit: { USD: price },
                    appliesTo: [],
                  },
                ]),
              ),
              termAttributes: {},
            },
          },
        ]),
      ),
      Reserved: {},
    },
  };
}

const rows = (offerCode: string, samples: readonly Sample[]) =>
  pricesOfOffer(offerFile(offerCode, samples), "offer.json").map(({ region, service, item, unit, usd }) => [
    region,
    service,
    item,
    unit,
    usd,
  ]);

it("takes the prices of tasks, and tells memory from storage and ARM from x86", () => {
  const samples = [
    { usagetype: "USE1-Fargate-vCPU-Hours:perCPU", usd: { "0": "0.0404800000" } },
    { usagetype: "USE1-Fargate-GB-Hours", usd: { "0": "0.0044450000" } },
    { usagetype: "USE1-Fargate-ARM-GB-Hours", usd: { "0": "0.0035600000" } },
    { usagetype: "USE1-Fargate-EphemeralStorage-GB-Hours", usd: { "0": "0.0001110000" } },
    { usagetype: "USE1-Fargate-Windows-GB-Hours", usd: { "0": "0.0100000000" } },
  ];
  expect(rows("AmazonECS", samples)).toEqual([
    ["us-east-1", "fargate", "Linux x86 vCPU", "vCPU-hour", 0.04048],
    ["us-east-1", "fargate", "Linux x86 memory", "GB-hour", 0.004445],
    ["us-east-1", "fargate", "Linux ARM memory", "GB-hour", 0.00356],
    ["us-east-1", "fargate", "Ephemeral storage above 20 GB", "GB-hour", 0.000111],
  ]);
});

it("does not take what only sounds alike: Outposts, trust stores, regional gateways, another engine, I/O-Optimized", () => {
  const application = { family: "Load Balancer-Application" };
  expect(
    rows("AWSELB", [
      { usagetype: "LoadBalancerUsage", usd: { "0": "0.0225000000" }, ...application },
      { usagetype: "Outposts-LoadBalancerUsage", usd: { "0": "0.0300000000" }, ...application },
      { usagetype: "TS-LoadBalancerUsage", usd: { "0": "0.0056000000" }, ...application },
      { usagetype: "LoadBalancerUsage", usd: { "0": "0.0250000000" }, family: "Load Balancer" },
    ]),
  ).toEqual([["us-east-1", "alb", "ALB hour", "hour", 0.0225]]);
  expect(
    rows("AmazonEC2", [
      { usagetype: "EU-NatGateway-Hours", region: "eu-west-1", usd: { "0": "0.0480000000" } },
      { usagetype: "EU-RegionalNatGateway-Hours", region: "eu-west-1", usd: { "0": "0.0490000000" } },
    ]),
  ).toEqual([["eu-west-1", "nat", "NAT gateway hour", "hour", 0.048]]);
  const instance = (
    usagetype: string,
    databaseEngine: string,
    usd: string,
    deploymentOption = "Single-AZ",
  ) => ({
    usagetype,
    family: "Database Instance",
    attributes: { databaseEngine, deploymentOption },
    usd: { "0": usd },
  });
  expect(
    rows("AmazonRDS", [
      instance("InstanceUsage:db.r8g.large", "Aurora PostgreSQL", "0.2760000000"),
      instance("InstanceUsageIOOptimized:db.r8g.large", "Aurora PostgreSQL", "0.3590000000"),
      instance("InstanceUsage:db.r8g.large", "PostgreSQL", "0.2390000000"),
      instance("InstanceUsage:db.r8g.large", "PostgreSQL", "0.4780000000", "Multi-AZ"),
      instance("InstanceUsage:db.r8g.large", "MySQL", "0.2000000000"),
    ]),
  ).toEqual([
    ["us-east-1", "aurora", "Aurora PostgreSQL db.r8g.large", "hour", 0.276],
    ["us-east-1", "rds", "PostgreSQL db.r8g.large Single-AZ", "hour", 0.239],
  ]);
});

it("takes the first price that is one: free tiers stand beside it, and later ranges are cheaper", () => {
  expect(
    rows("AmazonS3", [
      { usagetype: "TimedStorage-ByteHrs", usd: { "0": "0.0230000000", "51200": "0.0220000000" } },
      { usagetype: "Requests-Tier2", usd: { "0": "0.0000004000" } },
    ]),
  ).toEqual([
    ["us-east-1", "s3", "Standard storage", "GB-month", 0.023],
    ["us-east-1", "s3", "Standard GET", "1k requests", 0.0004],
  ]);
  const keys = { usagetype: "us-east-1-KMS-Requests", usd: { "0": "0.0000000000", "20000": "0.0000030000" } };
  expect(() => rows("awskms", [keys])).toThrow("charged for here");
  expect(rows("awskms", [{ ...keys, usagetype: "KMS-Requests" }])).toEqual([
    ["us-east-1", "kms", "Requests (symmetric)", "10k requests", 0.03],
  ]);
});

it("refuses what is no offer file, what has nothing of use, and two prices for one thing", () => {
  for (const content of [null, [], {}, { offerCode: "AmazonECS", publicationDate: "soon" }, "text"]) {
    expect(() => pricesOfOffer(content, "x.json")).toThrow(
      expect.objectContaining({ code: "ASSURANCE_PRICE_LIST_INVALID" }),
    );
  }
  expect(() => rows("AmazonLex", [{ usagetype: "Requests", usd: { "0": "1" } }])).toThrow(
    "nothing of AmazonLex",
  );
  const twice = ["0.1", "0.2"].map((usd) => ({ usagetype: "NatGateway-Hours", usd: { "0": usd } }));
  expect(() => rows("AmazonEC2", twice)).toThrow(
    "two prices for us-east-1: nat: NAT gateway hour, 0.1 and 0.2",
  );
});

it("has prices of a region that the list does not know, and they are marked no more", () => {
  const shipment = pricedShipment({
    shared: [{ id: "network", region: "eu-central-1", resources: [["AWS::EC2::NatGateway"]] }],
  });
  const before = estimateCost(shipment).lines.find(({ item }) => item === "NAT gateway hour");
  expect(before).toMatchObject({ unitPriceUsd: 0.045, marks: ["other-region"] });
  const offer = offerFile("AmazonEC2", [
    { usagetype: "EUC1-NatGateway-Hours", region: "eu-central-1", usd: { "0": "0.0520000000" } },
  ]);
  const list = withPrices(shippedPrices, pricesOfOffer(offer, "offer.json"));
  const after = estimateCost(shipment, list).lines.find(({ item }) => item === "NAT gateway hour");
  expect(after).toMatchObject({
    unitPriceUsd: 0.052,
    marks: [],
    price: { asOf: "2026-09-25", source: "AWS price list AmazonEC2, sku SKU0", confidence: "price-list" },
  });
});
