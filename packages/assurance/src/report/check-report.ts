import type { FrameworkEvidence } from "../posture/evidence.ts";
import type { Theme } from "../rule.ts";
import type { Matrix } from "../theme-result.ts";
import type { Verdict } from "../verdict.ts";

/** A theme of rules, or what can be said of the files before any rule. */
export type ReportTheme = Theme | "artifacts";

/** What a check found, as data: each format is made from this and from nothing else. */
export interface CheckReport {
  readonly kind: "check-report";
  readonly version: 1;
  /** Name and version of what checked: "tenantry 0.1.0". */
  readonly tool: string;
  /** When: RFC 3339, UTC. */
  readonly checkedAt: string;
  readonly platform: string;
  readonly environment: string;
  /** Twelve digits, or ⟨account⟩ where the definition leaves it to the credentials. */
  readonly account: string;
  readonly region: string;
  /** How many tenants are placed. */
  readonly tenants: number;
  /** The tiers that have a template of their own. */
  readonly tiers: readonly string[];
  /** Passed where nothing is refuted or unknown, what was accepted aside. */
  readonly outcome: "passed" | "failed";
  readonly counts: CheckCounts;
  /** In the order in which they ran. */
  readonly themes: readonly CheckedTheme[];
  /** What was refuted, is unknown, or was accepted: worst first. */
  readonly findings: readonly CheckFinding[];
  readonly baseline: CheckedBaseline;
  /** What rules say of themselves, by their ids. */
  readonly rules: Readonly<Record<string, RuleText>>;
  /** What was read, in the order of the paths. */
  readonly files: readonly CheckedFile[];
  /** What the verdicts say to the controls of frameworks; null where posture was not checked. */
  readonly evidence: readonly FrameworkEvidence[] | null;
  /** Null where no estimate was made. */
  readonly cost: CostPicture | null;
  /** Themes that were not looked at, and why. */
  readonly notLookedAt: readonly NotLookedAt[];
}

/** What it costs each month, for a look beside the verdicts. In millionths of a US dollar. */
export interface CostPicture {
  readonly monthlyMicroUsd: number;
  /** In the order of their cost. */
  readonly components: readonly CostBar[];
  /** Tenants where they are few, else tiers; in the order of their cost. */
  readonly tenants: readonly CostBar[];
  /** How many things cost money and are in no sum. */
  readonly unpriced: number;
}

export interface CostBar {
  readonly name: string;
  readonly monthlyMicroUsd: number;
}

export interface RuleText {
  /** What goes wrong for tenants where it does not hold. */
  readonly why: string;
  readonly fix: string;
}

export interface CheckCounts {
  readonly proved: number;
  readonly refuted: number;
  readonly unknown: number;
  readonly notApplicable: number;
  /** Refuted or unknown, and accepted by the baseline: these are not in the other counts. */
  readonly accepted: number;
}

export interface CheckedTheme {
  readonly theme: ReportTheme;
  readonly durationMs: number;
  readonly counts: CheckCounts;
  readonly verdicts: readonly Verdict[];
  readonly matrices: readonly Matrix[];
  /** Sentences of the theme for people, such as how many tenants fit. */
  readonly notes: readonly string[];
}

export interface CheckFinding {
  /** By which the baseline knows it; see finding-id.ts. */
  readonly id: string;
  readonly theme: ReportTheme;
  readonly kind: "refuted" | "unknown";
  readonly rule: string;
  readonly subject: string;
  /** The witness of a refutation, or what is missing to decide. */
  readonly detail: string;
  /** Null where nothing is refuted. */
  readonly fix: string | null;
  /** Null where the subject is no resource of a template and no tenant. */
  readonly location: FindingLocation | null;
  readonly accepted: Acceptance | null;
}

export interface FindingLocation {
  /** Below the folder of the artifacts: "cloudformation/data.template.json". */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Acceptance {
  /** The last day on which it holds: "2027-01-31". */
  readonly until: string;
  readonly reason: string;
}

export interface CheckedBaseline {
  /** As it was named; null where there is none. */
  readonly path: string | null;
  /** What is wrong with its entries. */
  readonly notices: readonly BaselineNotice[];
}

export interface BaselineNotice {
  readonly kind: "expired" | "unmatched" | "changed" | "not-acceptable";
  readonly id: string;
  readonly text: string;
}

export interface CheckedFile {
  readonly path: string;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

export interface NotLookedAt {
  readonly what: string;
  readonly because: string;
}
