import type { Theme } from "./rule.ts";
import type { Verdict } from "./verdict.ts";

/** What the check of one theme says. */
export interface ThemeResult {
  readonly theme: Theme;
  /** At least one for each rule of the theme. */
  readonly verdicts: readonly Verdict[];
  /** Who reaches what, for people. */
  readonly matrices: readonly Matrix[];
}

/** A table for people. Ten thousand tenants are told by tier, a few by name. */
export interface Matrix {
  readonly title: string;
  /** Heads of the columns; the first is that of the rows' names. */
  readonly columns: readonly string[];
  /** A row's name and a cell for each further column. */
  readonly rows: readonly (readonly string[])[];
  /** What the signs in the cells mean; a cell of another text speaks for itself. */
  readonly legend: Readonly<Record<string, string>>;
}
