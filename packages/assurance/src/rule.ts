import type { Verdict } from "./verdict.ts";

/** What a rule is about; the first part of its id. */
export type Theme =
  | "iam"
  | "network"
  | "routing"
  | "names"
  | "data"
  | "database"
  | "quotas"
  | "posture"
  | "recoverability";

/** One thing that must hold, and what it says when it does not. */
export interface Rule<Inputs extends readonly unknown[]> {
  readonly id: string;
  /** What goes wrong for tenants where it does not hold. */
  readonly why: string;
  readonly fix: string;
  readonly judge: (...inputs: Inputs) => readonly Finding[];
}

/** What a rule reports; a rule without findings is proved. */
export type Finding =
  | { readonly kind: "refuted"; readonly subject: string; readonly witness: string }
  | { readonly kind: "unknown"; readonly subject: string; readonly missing: string }
  | { readonly kind: "not-applicable"; readonly subject: string; readonly because: string };

export const refuted = (subject: string, witness: string): Finding => ({ kind: "refuted", subject, witness });
export const unknown = (subject: string, missing: string): Finding => ({ kind: "unknown", subject, missing });
export const notApplicable = (subject: string, because: string): Finding => ({
  kind: "not-applicable",
  subject,
  because,
});

/** At least one verdict; where the rule finds nothing, it is proved for the subject. */
export function judge<Inputs extends readonly unknown[]>(
  rule: Rule<Inputs>,
  subject: string,
  ...inputs: Inputs
): readonly Verdict[] {
  const findings = rule.judge(...inputs);
  if (findings.length === 0) return [{ kind: "proved", rule: rule.id, subject }];
  return findings.map((finding) =>
    finding.kind === "refuted" ? { ...finding, rule: rule.id, fix: rule.fix } : { ...finding, rule: rule.id },
  );
}
