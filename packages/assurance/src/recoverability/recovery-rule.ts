import type { PlatformRecovery } from "@tenantry/model";
import { boundFindings } from "../posture/bound-findings.ts";
import { type Finding, notApplicable, type Rule } from "../rule.ts";
import type { RecoveryDesign } from "./read-recovery.ts";

export type RecoveryRule = Rule<readonly [RecoveryDesign]>;

/** A rule about what happens when the primary region is gone; where nothing is promised then, nothing is judged. */
export function recoveryRule(
  rule: Omit<RecoveryRule, "judge"> & {
    readonly judge: (design: RecoveryDesign, recovery: PlatformRecovery) => readonly Finding[];
  },
): RecoveryRule {
  return {
    ...rule,
    judge: (design) =>
      design.recovery === null
        ? [
            notApplicable(
              design.shipment.environment,
              "the environment promises no recovery in another region",
            ),
          ]
        : boundFindings(rule.judge(design, design.recovery)),
  };
}
