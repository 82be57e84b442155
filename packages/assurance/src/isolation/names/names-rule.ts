import { boundFindings } from "../../posture/bound-findings.ts";
import { type Finding, notApplicable, type Rule } from "../../rule.ts";
import type { NamesModel } from "./names-model.ts";

export type NamesRule = Rule<readonly [NamesModel]>;

/** A rule about the stacks of tenants, which says so where the platform has none. */
export function tenantsRule(rule: NamesRule): NamesRule {
  return {
    ...rule,
    judge: (model) =>
      model.tiers.length === 0 ? [noStacks(model.shipment.environment)] : boundFindings(rule.judge(model)),
  };
}

export function platformRule(rule: NamesRule): NamesRule {
  return { ...rule, judge: (model) => boundFindings(rule.judge(model)) };
}

const noStacks = (environment: string): Finding =>
  notApplicable(
    environment,
    "no tier has a stack of its own: tenants share every resource, and the runtime and PostgreSQL keep them apart",
  );

/** Every pair of tiers once, a tier with itself too. */
export function pairsOf<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((one, index) => items.slice(index).map((other) => [one, other] as const));
}
