import { type Finding, notApplicable, refuted, unknown } from "../../rule.ts";
import type { RecoveryDesign } from "../read-recovery.ts";
import { recoveryRule } from "../recovery-rule.ts";
import { takeoverOf } from "../takeover.ts";
import { formatSum, sumOf } from "../term.ts";

export const rtoReached = recoveryRule({
  id: "recoverability/rto-reached",
  why: "Tenants were told how long they are not served at most; a design that takes longer breaks that on the first bad day.",
  fix: "Let more of the recovery region wait, or promise a longer rtoMinutes; measure in a drill what nobody says.",
  judge: (design, { rtoMinutes }) =>
    promisesOf(design, rtoMinutes).flatMap((one) => judgePromise(design, one)),
});

interface Promised {
  readonly to: string;
  readonly minutes: number;
}

/** The environment's, and those of tiers that are others. */
function promisesOf({ definition, shipment }: RecoveryDesign, minutes: number): readonly Promised[] {
  const ofTiers = Object.values(definition.tiers).flatMap(({ name, rtoMinutes }) =>
    rtoMinutes === null || rtoMinutes === minutes ? [] : [{ to: `tier ${name}`, minutes: rtoMinutes }],
  );
  return [{ to: shipment.environment, minutes }, ...ofTiers];
}

function judgePromise(design: RecoveryDesign, { to, minutes }: Promised): readonly Finding[] {
  if (design.primary.resources.length === 0) return [notApplicable(to, "nothing is shipped")];
  const { terms } = takeoverOf(design);
  const { seconds, unsaid } = sumOf(terms);
  const text = `${formatSum(terms)}, and ${minutes * 60} s are promised`;
  if (seconds > minutes * 60) return [refuted(to, text)];
  return unsaid.length === 0
    ? []
    : [unknown(to, `${text}; nobody says how long: ${unsaid.map(({ what }) => what).join("; ")}`)];
}
