import { boundFindings } from "../../posture/bound-findings.ts";
import type { PostureRule } from "../../posture/posture-rule.ts";
import { type Finding, notApplicable, type Rule } from "../../rule.ts";
import type { DataModel } from "./data-model.ts";

export type DataRule = Rule<readonly [DataModel]>;

/** A rule about what tenants have for themselves, which says so where they have nothing. */
export function tenantsRule(rule: DataRule): DataRule {
  return {
    ...rule,
    judge: (model) =>
      model.tiers.length === 0 ? [noStacks(model.shipment.environment)] : boundFindings(rule.judge(model)),
  };
}

export function platformRule(rule: DataRule): DataRule {
  return { ...rule, judge: (model) => boundFindings(rule.judge(model)) };
}

/** What rules of posture find of all stores, the shared ones too, in which tenants lie beside each other. */
export function storesRule(rule: Omit<DataRule, "judge">, ...rules: readonly PostureRule[]): DataRule {
  return {
    ...rule,
    judge: ({ posture }) => {
      const findings = rules.map((one) => one.judge(posture));
      const wrong = findings.flat().filter(({ kind }) => kind !== "not-applicable");
      const isIdle = findings.every(
        (some) => some.length > 0 && some.every((one) => one.kind === "not-applicable"),
      );
      return isIdle ? findings.flat() : boundFindings(wrong);
    },
  };
}

const noStacks = (environment: string): Finding =>
  notApplicable(
    environment,
    "no tier has a stack of its own: tenants share every store, and the runtime and PostgreSQL keep them apart",
  );
