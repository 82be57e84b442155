import type { ShippedFiles, Theme } from "@tenantry/assurance";

/** A platform with one thing broken. A checker that does not see it is wrong. */
export interface Mutant {
  /** What was done, in a few words; unique. */
  readonly name: string;
  readonly theme: Theme;
  /** The id of the rule that must refute it. */
  readonly rule: string;
  /** The environments of `shippedEnvironments` where it can be done. */
  readonly platforms: readonly (readonly [platform: string, environment: string])[];
  readonly mutate: (files: ShippedFiles) => ShippedFiles;
}
