/**
 * What a check found. `unknown` never counts as passed: what could not be looked at may be wrong.
 */
export type Verdict =
  | { readonly kind: "proved"; readonly rule: string; readonly subject: string }
  | {
      readonly kind: "refuted";
      readonly rule: string;
      readonly subject: string;
      readonly witness: string;
      readonly fix: string;
    }
  | { readonly kind: "unknown"; readonly rule: string; readonly subject: string; readonly missing: string }
  | {
      readonly kind: "not-applicable";
      readonly rule: string;
      readonly subject: string;
      readonly because: string;
    };

/** Whether a check with this verdict may go on. */
export function passes(verdict: Verdict): boolean {
  return verdict.kind === "proved" || verdict.kind === "not-applicable";
}
