import type { Shipment, ShippedFiles } from "./artifacts/shipment.ts";
import type { ForeignRule } from "./posture/evidence.ts";
import type { RuleText } from "./report/check-report.ts";
import type { Theme } from "./rule.ts";
import type { ThemeResult } from "./theme-result.ts";

/** The check of one theme, from what is shipped alone. */
export interface ThemeCheck {
  readonly theme: Theme;
  /** Brings in the code of the theme: some of it is large, and who only reads reports needs none. */
  readonly load: () => Promise<LoadedTheme>;
}

export interface LoadedTheme {
  readonly check: (shipment: Shipment, files: ShippedFiles) => ReportedTheme | Promise<ReportedTheme>;
  /** The rules, for what they say of themselves. */
  readonly rules: readonly RuleWords[];
}

/** What a theme says, and what it has besides for the report. */
export interface ReportedTheme extends ThemeResult {
  /** Sentences for people. */
  readonly notes?: readonly string[];
  /** What rules of others looked at one by one: evidence for auditors. */
  readonly foreign?: readonly ForeignRule[];
}

export interface RuleWords extends RuleText {
  readonly id: string;
}

/** Every theme that is judged from what is shipped, in the order of the report. */
export const themeChecks: readonly ThemeCheck[] = Object.freeze([
  {
    theme: "iam",
    load: async () => {
      const { checkIam, iamRules } = await import("./isolation/iam/check-iam.ts");
      return { check: checkIam, rules: iamRules };
    },
  },
  {
    theme: "network",
    load: async () => {
      const { checkNetwork, networkRules } = await import("./isolation/network/check-network.ts");
      return { check: checkNetwork, rules: networkRules };
    },
  },
  {
    theme: "routing",
    load: async () => {
      const { checkRouting, routingRules } = await import("./isolation/routing/check-routing.ts");
      return { check: checkRouting, rules: routingRules };
    },
  },
  {
    theme: "names",
    load: async () => {
      const { checkNames, namesRules } = await import("./isolation/names/check-names.ts");
      return { check: checkNames, rules: namesRules };
    },
  },
  {
    theme: "data",
    load: async () => {
      const { checkData, dataRules } = await import("./isolation/data/check-data.ts");
      return { check: checkData, rules: dataRules };
    },
  },
  {
    theme: "quotas",
    load: async () => {
      const { checkQuotas } = await import("./quotas/check-quotas.ts");
      const { nameLengths } = await import("./quotas/name-lengths.ts");
      const { quotaRules } = await import("./quotas/quota-rules.ts");
      return {
        check: (shipment, files) => {
          const report = checkQuotas(shipment, { files });
          return { ...report, notes: report.summary };
        },
        rules: [...quotaRules, nameLengths],
      };
    },
  },
  {
    theme: "posture",
    load: async () => {
      const { checkPosture, checkedRules } = await import("./posture/check-posture.ts");
      return { check: checkPosture, rules: checkedRules };
    },
  },
  {
    theme: "recoverability",
    load: async () => {
      const { checkRecoverability, recoverabilityRules } =
        await import("./recoverability/check-recoverability.ts");
      return { check: (shipment) => checkRecoverability(shipment), rules: recoverabilityRules };
    },
  },
]);
