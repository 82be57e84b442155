// Goal: every broken variant is refuted by its rule, and what is not broken is not.
import { judgePosture, readShipment, type ShippedFiles, type Verdict } from "@tenantry/assurance";
import { describe, expect, test } from "vitest";
import { postureMutants } from "./mutants/posture-mutants.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

/** What is wrong with reference platforms as they are. It may only become less. */
const verdictsOf = (files: ShippedFiles): readonly Verdict[] =>
  judgePosture(readShipment(files), files).verdicts;
const failing = (verdicts: readonly Verdict[]) =>
  verdicts.filter(({ kind }) => kind === "refuted" || kind === "unknown");

describe.each(shippedEnvironments)("%s", (platform, environment) => {
  test(`${environment}: nothing is refuted or unknown`, async () => {
    const verdicts = verdictsOf(await shippedFiles(platform, environment));
    const found = failing(verdicts).map(({ rule, subject }) => `${rule} ${subject}`);
    expect(found).toEqual([]);
  });
});

/** What is said without a mutant, once for each environment. */
const unbroken = new Map<string, ReadonlySet<string>>();
async function before(platform: string, environment: string): Promise<ReadonlySet<string>> {
  const key = `${platform} ${environment}`;
  const found = unbroken.get(key) ?? texts(verdictsOf(await shippedFiles(platform, environment)));
  unbroken.set(key, found);
  return found;
}
const texts = (verdicts: readonly Verdict[]): ReadonlySet<string> =>
  new Set(verdicts.map((verdict) => JSON.stringify(verdict)));

const cases = postureMutants.flatMap(({ platforms, ...mutant }) =>
  platforms.map(([platform, environment]) => ({ ...mutant, platform, environment })),
);

test.each(cases)("$platform $environment: $name", async ({ platform, environment, rule, mutate }) => {
  const files = await shippedFiles(platform, environment);
  const known = await before(platform, environment);
  const after = verdictsOf(mutate(files)).filter((verdict) => !known.has(JSON.stringify(verdict)));
  expect(after.filter(({ kind }) => kind === "refuted").map((verdict) => verdict.rule)).toContain(rule);
});

test("every rule of our own has a mutant that it refutes", async () => {
  const rules = new Set(verdictsOf(await shippedFiles("tenant-silos", "production")).map(({ rule }) => rule));
  const covered = new Set(postureMutants.map(({ rule }) => rule));
  expect([...rules].filter((rule) => !covered.has(rule))).toEqual(["posture/policies-readable"]);
});
