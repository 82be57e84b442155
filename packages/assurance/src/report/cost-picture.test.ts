import { describe, expect, test } from "vitest";
import type { CostEstimate } from "../cost/estimate-cost.ts";
import { madeUpReport, madeUpShipment } from "../../test/made-up-report.ts";
import { costPicture } from "./cost-picture.ts";
import { writeReport } from "./write-report.ts";

const tenants = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `t-${index}`,
    tier: "silo",
    totalMicroUsd: index * 1_000_000,
  }));

const estimate = (count: number) =>
  ({
    monthlyMicroUsd: 12_500_000,
    components: [
      { component: "services", title: "Services <b>", monthlyMicroUsd: 2_500_000 },
      { component: "databases", title: "Databases", monthlyMicroUsd: 10_000_000 },
    ],
    tenants: tenants(count),
    tiers: [{ tier: "silo", tenants: count, totalMicroUsd: 7_000_000 }],
    unpriced: [{}],
  }) as unknown as CostEstimate;

describe("the picture of costs", () => {
  test("names few tenants, the dearest first, and tells many by tier", () => {
    expect(costPicture(estimate(3)).tenants.map(({ name }) => name)).toEqual(["t-2", "t-1", "t-0"]);
    expect(costPicture(estimate(13)).tenants).toEqual([
      { name: "silo, 13 tenants", monthlyMicroUsd: 7_000_000 },
    ]);
  });

  test("stands in the page as bars, whose lengths are shares of the dearest", async () => {
    const report = await madeUpReport(madeUpShipment(), { themes: [], cost: costPicture(estimate(2)) });
    const page = writeReport(report, "html");
    expect(page).toContain("12.50 US dollars a month");
    expect(page).toContain("without 1 thing of no known price");
    expect(page).toContain("Services &lt;b&gt;");
    const lengths = [...page.matchAll(/class="bar"[^>]* width="(\d+)"/g)].map(([, length]) => Number(length));
    expect(lengths).toEqual([480, 120, 480, 0]);
  });

  test("is not there where no estimate was made", async () => {
    expect(writeReport(await madeUpReport(), "html")).not.toContain("<svg");
  });
});
