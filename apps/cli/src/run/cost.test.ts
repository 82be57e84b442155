import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CostResult } from "@tenantry/toolkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTenantry } from "../../test/run-tenantry.ts";

const config = fileURLToPath(new URL("../../../../platforms/starter/tenantry.config.ts", import.meta.url));

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "tenantry-cost-"));
  const synthesized = await runTenantry(["synth", "production", "--config", config, "--out", "before"], {
    cwd,
  });
  expect(synthesized.status).toBe(0);
}, 60_000);
afterAll(() => rm(cwd, { recursive: true, force: true }));

/** Runs `tenantry cost` with --json and reads its one document. */
async function costOf(...argv: readonly string[]): Promise<CostResult> {
  const { status, stdout, stderr } = await runTenantry(["cost", ...argv, "--json"], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as CostResult;
}

test("a definition and the folder that it was synthesized into cost the same", async () => {
  const [defined, synthesized] = await Promise.all([
    costOf("production", "--config", config),
    costOf("production", "--artifacts", "before"),
  ]);
  expect(defined).toEqual(synthesized);
  const { estimate } = defined;
  const tenants = estimate.tenants.reduce((sum, { totalMicroUsd }) => sum + totalMicroUsd, 0);
  expect(tenants + estimate.split.idleMicroUsd).toBe(estimate.monthlyMicroUsd);
  expect(defined.comparison).toBeNull();
});

test("the text has tenants and lines where they are asked for, and no colours in a pipe", async () => {
  const { status, stdout } = await runTenantry(
    ["cost", "production", "--artifacts", "before", "--tenants", "--details"],
    { cwd },
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^starter production: [\d,]+\.\d\d USD a month/);
  expect(stdout).toMatch(/^initech-llc +silo /m);
  expect(stdout).toMatch(/^data\/MainInstance1 +Aurora PostgreSQL db\.r8g\.large +us-east-1 +730 hour/m);
  expect(stdout).not.toContain("\u001b[");
});

test("a change is told from a folder that another synthesis wrote", async () => {
  const template = join(cwd, "before", "cloudformation", "data.template.json");
  const original = await readFile(template, "utf8");
  const content = JSON.parse(original) as { Resources: Record<string, { Type: string }> };
  const [name = ""] =
    Object.entries(content.Resources).find(([, { Type }]) => Type === "AWS::RDS::DBInstance") ?? [];
  const { [name]: _removed, ...kept } = content.Resources;
  await writeFile(template, JSON.stringify({ ...content, Resources: kept }));
  try {
    const { comparison } = await costOf("production", "--config", config, "--compare", "before");
    // An instance of 730 hours at 0.276, and what watches its two processors.
    expect(
      comparison?.components.find(({ name: component }) => component === "databases")?.changeMicroUsd,
    ).toBe(730 * 276_000);
    const text = await runTenantry(["cost", "production", "--config", config, "--compare", "before"], {
      cwd,
    });
    expect(text.stdout).toMatch(/^this change adds 20\d\.\d\d USD a month \(6\d\.\d\d per tenant\)/m);
  } finally {
    await writeFile(template, original);
  }
});

test("prices of AWS's own list stand for ours where it has them", async () => {
  const product = { attributes: { regionCode: "us-east-1", usagetype: "NatGateway-Hours" } };
  const dimension = { beginRange: "0", pricePerUnit: { USD: "0.0500000000" } };
  const offer = {
    offerCode: "AmazonEC2",
    publicationDate: "2026-10-30T00:00:00Z",
    products: { A: product },
    terms: { OnDemand: { A: { "A.B": { priceDimensions: { "A.B.C": dimension } } } } },
  };
  await writeFile(join(cwd, "ec2.json"), JSON.stringify(offer));
  const { estimate } = await costOf("production", "--artifacts", "before", "--price-list", "ec2.json");
  const gateways = estimate.lines.filter(
    ({ item, region }) => item === "NAT gateway hour" && region === "us-east-1",
  );
  expect(gateways.map(({ unitPriceUsd, price }) => [unitPriceUsd, price.asOf])).toEqual(
    Array.from({ length: 3 }, () => [0.05, "2026-10-30"]),
  );
});

test.each([
  ["nowhere.json", "no such file"],
  ["before/placement.json", "offerCode"],
])("%s is no list of prices", async (path, detail) => {
  const { status, stdout } = await runTenantry(
    ["cost", "production", "--artifacts", "before", "--price-list", path, "--json"],
    { cwd },
  );
  expect(status).toBeGreaterThan(0);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  expect(error.code).toBe("ASSURANCE_PRICE_LIST_INVALID");
  expect(error.message).toContain(detail);
});

test.each([
  [["staging", "--artifacts", "before"], "TOOLKIT_ARTIFACTS_ENVIRONMENT"],
  [["production", "--artifacts", "nowhere"], "TOOLKIT_ARTIFACTS_MISSING"],
  [["production", "--artifacts", "before", "--compare", "nowhere"], "TOOLKIT_ARTIFACTS_MISSING"],
  [["prod", "--config", config], "MODEL_UNKNOWN_ENVIRONMENT"],
])("%j is refused with %s", async (argv, code) => {
  const { status, stdout } = await runTenantry(["cost", ...argv, "--json"], { cwd });
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
});
