import type { Verdict } from "../../verdict.ts";
import type { DatabaseCatalogue } from "./database-catalogue.ts";
import type { DatabaseExpectations } from "./database-expectations.ts";

/** One thing that must hold, and what it says when it does not. */
export interface DatabaseRule {
  readonly id: string;
  /** What goes wrong for tenants where it does not hold. */
  readonly why: string;
  readonly fix: string;
  readonly judge: (catalogue: DatabaseCatalogue, expectations: DatabaseExpectations) => readonly Finding[];
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

export function judge(
  rule: DatabaseRule,
  catalogue: DatabaseCatalogue,
  expectations: DatabaseExpectations,
): readonly Verdict[] {
  const findings = rule.judge(catalogue, expectations);
  if (findings.length === 0) return [{ kind: "proved", rule: rule.id, subject: catalogue.database }];
  return findings.map((finding) =>
    finding.kind === "refuted" ? { ...finding, rule: rule.id, fix: rule.fix } : { ...finding, rule: rule.id },
  );
}
