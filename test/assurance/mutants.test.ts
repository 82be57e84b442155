// Goal: what the checks are measured by stays as much as it is. That each mutant is refuted is shown by the tests of its theme.
import type { Theme } from "@tenantry/assurance";
import { expect, test } from "vitest";
import { dataMutants } from "./mutants/data-mutants.ts";
import { iamMutants } from "./mutants/iam-mutants.ts";
import { namesMutants } from "./mutants/names-mutants.ts";
import { networkMutants } from "./mutants/network-mutants.ts";
import { foreignMutants, postureMutants } from "./mutants/posture-mutants.ts";
import { quotasMutants } from "./mutants/quotas-mutants.ts";
import { recoverabilityMutants } from "./mutants/recoverability-mutants.ts";
import { routingMutants } from "./mutants/routing-mutants.ts";

const all = [
  ...iamMutants,
  ...networkMutants,
  ...routingMutants,
  ...namesMutants,
  ...dataMutants,
  ...quotasMutants,
  ...postureMutants,
  ...foreignMutants,
  ...recoverabilityMutants,
];

test("platforms are broken in enough ways, each a way of its own", () => {
  const counts = Map.groupBy(all, ({ theme }) => theme);
  const least: Readonly<Partial<Record<Theme, number>>> = {
    iam: 100,
    network: 100,
    routing: 90,
    names: 60,
    data: 55,
    quotas: 40,
    posture: 80,
    recoverability: 40,
  };
  for (const [theme, count] of Object.entries(least))
    expect(counts.get(theme as Theme)?.length ?? 0, theme).toBeGreaterThanOrEqual(count);
  const names = all.map(({ theme, name }) => `${theme}: ${name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  for (const { name, rule, theme, platforms } of all) {
    expect(rule.startsWith(`${theme}/`), name).toBe(true);
    expect(platforms.length, name).toBeGreaterThan(0);
  }
});
