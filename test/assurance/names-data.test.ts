// Goal: whatever is broken in names or in stores is seen, by the rule that is for it; what is whole is left in peace.
import {
  checkData,
  checkNames,
  dataRules,
  namesRules,
  passes,
  readShipment,
  type ShippedFiles,
  type ThemeResult,
} from "@tenantry/assurance";
import { seededRandom } from "@tenantry/base";
import { beforeAll, describe, expect, test } from "vitest";
import { dataMutants } from "./mutants/data-mutants.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { namesMutants } from "./mutants/names-mutants.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

const checks = { names: checkNames, data: checkData } as const;
const checkOf = (theme: "names" | "data", files: ShippedFiles): ThemeResult =>
  checks[theme](readShipment(files));

beforeAll(async () => {
  for (const [platform, environment] of shippedEnvironments) await shippedFiles(platform, environment);
}, 120_000);

describe.each(shippedEnvironments)("%s %s", (platform, environment) => {
  test.each(["names", "data"] as const)("nothing is wrong with its %s", async (theme) => {
    const { verdicts, matrices } = checkOf(theme, await shippedFiles(platform, environment));
    expect(verdicts.filter((verdict) => !passes(verdict))).toEqual([]);
    const rules = (theme === "names" ? namesRules : dataRules).map(({ id }) => id);
    expect([...new Set(verdicts.map(({ rule }) => rule))].toSorted()).toEqual(rules.toSorted());
    for (const { columns, rows } of matrices)
      for (const row of rows) expect(row).toHaveLength(columns.length);
  });
});

const cases = (mutants: readonly Mutant[]) =>
  mutants.flatMap((mutant) => mutant.platforms.map((platform) => [mutant.name, platform, mutant] as const));

describe.each([
  ["names", namesMutants],
  ["data", dataMutants],
] as const)("%s", (theme, mutants) => {
  test("its mutants are of many kinds", () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    expect(mutants.length).toBeGreaterThanOrEqual(theme === "names" ? 25 : 15);
    const rules = (theme === "names" ? namesRules : dataRules).map(({ id }) => id);
    // A type that nobody listed is unknown and not wrong: it has a test of its own.
    const broken = new Set(mutants.map(({ rule }) => rule));
    expect(rules.filter((rule) => !broken.has(rule) && rule !== "names/kinds-known")).toEqual([]);
  });

  test.each(cases(mutants))("%s (%s)", async (_, [platform, environment], { rule, mutate }) => {
    const { verdicts } = checkOf(theme, mutate(await shippedFiles(platform, environment)));
    const refuting = verdicts.filter((verdict) => verdict.kind === "refuted").map((verdict) => verdict.rule);
    expect(refuting).toContain(rule);
  });
});

test("a type of which nobody said what names it is unknown", async () => {
  const files = await shippedFiles("tenant-silos", "production");
  const path = "cloudformation/tenant-silo.template.json";
  const template = JSON.parse(files[path] ?? "") as { Resources: Record<string, unknown> };
  template.Resources["Series"] = { Type: "AWS::Timestream::Table", Properties: { TableName: "series" } };
  const { verdicts } = checkOf("names", { ...files, [path]: JSON.stringify(template) });
  expect(verdicts).toContainEqual({
    kind: "unknown",
    rule: "names/kinds-known",
    subject: "tenant/⟨tenant:a⟩/Series",
    missing: "what names a resource of the type AWS::Timestream::Table",
  });
});

test("a name that cannot be resolved is unknown", async () => {
  const files = await shippedFiles("tenant-silos", "production");
  const path = "cloudformation/tenant-silo.template.json";
  const template = JSON.parse(files[path] ?? "") as {
    Resources: Record<string, { Properties: Record<string, unknown> }>;
  };
  (template.Resources["Data"] as { Properties: Record<string, unknown> }).Properties["BucketName"] = {
    "Fn::ImportValue": "bucket",
  };
  const { verdicts } = checkOf("names", { ...files, [path]: JSON.stringify(template) });
  expect(verdicts).toContainEqual(
    expect.objectContaining({
      kind: "unknown",
      rule: "names/hold-the-tenant",
      subject: "tenant/⟨tenant:a⟩/Data",
    }),
  );
});

/** What somebody writes in the wrong place. */
const junk: readonly (() => unknown)[] = [
  () => null,
  () => [],
  () => ({}),
  () => "",
  () => "⟨tenant:z⟩",
  () => "⟩⟨",
  () => "*".repeat(300),
  () => "((((",
  () => -1,
  () => ({ Ref: "Nobody" }),
  () => ({ "Fn::Sub": "${Nobody}" }),
  () => ({ "Fn::Join": ["", ["a", { Ref: "TenantId" }]] }),
];

/** The file with some values somewhere replaced. */
function damaged(text: string, next: (below: number) => number): string {
  const content = JSON.parse(text) as Record<string, unknown>;
  for (let change = 0; change < 4; change++) {
    let node = content;
    for (let depth = 1 + next(8); depth > 0; depth--) {
      const keys = Object.keys(node);
      const key = keys[next(Math.max(1, keys.length))];
      if (key === undefined) break;
      const child = node[key];
      if (depth === 1 || typeof child !== "object" || child === null) {
        node[key] = junk[next(junk.length)]?.();
        break;
      }
      node = child as Record<string, unknown>;
    }
  }
  return JSON.stringify(content);
}

test("damaged files are judged or unknown, and never break the checks", { timeout: 120_000 }, async () => {
  const random = seededRandom(11);
  const next = (below: number): number => random.below(below);
  let judged = 0;
  for (const [platform, environment] of shippedEnvironments) {
    const files = await shippedFiles(platform, environment);
    const paths = Object.keys(files).filter((path) => /placement|template/.test(path));
    for (let round = 0; round < 12; round++) {
      const path = paths[next(paths.length)] ?? "placement.json";
      const shipment = readShipment({ ...files, [path]: damaged(files[path] ?? "{}", next) });
      expect(checkNames(shipment).verdicts.length).toBeGreaterThanOrEqual(namesRules.length);
      expect(checkData(shipment).verdicts.length).toBeGreaterThanOrEqual(dataRules.length);
      judged++;
    }
  }
  expect(judged).toBe(60);
});

test("the rules say what they are for in full", () => {
  for (const { id, why, fix } of [...namesRules, ...dataRules]) {
    expect(id).toMatch(/^(names|data)\/[a-z-]+$/);
    expect(Math.min(why.length, fix.length)).toBeGreaterThan(20);
  }
});
