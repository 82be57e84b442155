import type { Shipment } from "../artifacts/shipment.ts";
import { judge } from "../rule.ts";
import type { Matrix, ThemeResult } from "../theme-result.ts";
import type { MeasuredFigure } from "./figures.ts";
import { readRecovery, type RecoveryDesign } from "./read-recovery.ts";
import type { RecoveryRule } from "./recovery-rule.ts";
import { backupsKept } from "./rules/backups-kept.ts";
import { deletionsAsAsked } from "./rules/deletions-as-asked.ts";
import { failureDetected } from "./rules/failure-detected.ts";
import { imagesThere } from "./rules/images-there.ts";
import { keysThere } from "./rules/keys-there.ts";
import { planComplete } from "./rules/plan-complete.ts";
import { restoresTested } from "./rules/restores-tested.ts";
import { rpoReached } from "./rules/rpo-reached.ts";
import { rtoReached } from "./rules/rto-reached.ts";
import { standbyWaits } from "./rules/standby-waits.ts";
import { storesCopied } from "./rules/stores-copied.ts";
import { tenantsInBothRegions } from "./rules/tenants-in-both-regions.ts";
import { trafficMovesByHealth } from "./rules/traffic-moves-by-health.ts";
import { takeoverOf } from "./takeover.ts";
import { formatSum, sumOf } from "./term.ts";

export const recoverabilityRules: readonly RecoveryRule[] = [
  storesCopied,
  rpoReached,
  rtoReached,
  failureDetected,
  standbyWaits,
  tenantsInBothRegions,
  planComplete,
  trafficMovesByHealth,
  keysThere,
  imagesThere,
  deletionsAsAsked,
  backupsKept,
  restoresTested,
];

/**
 * Whether what is shipped can keep what `recovery` and the tiers promise: how many seconds of writes a store loses with its region (RPO), and
 * how long nobody is served (RTO). Both are sums, shown term by term, each with who says so.
 *
 * @param measured figures of drills, which count instead of AWS's own, and where AWS says nothing
 */
export function checkRecoverability(
  shipment: Shipment,
  measured: readonly MeasuredFigure[] = [],
): ThemeResult {
  const design = readRecovery(shipment, measured);
  return {
    theme: "recoverability",
    verdicts: recoverabilityRules.flatMap((rule) => judge(rule, shipment.environment, design)),
    matrices: design.recovery === null ? [] : [storesMatrix(design), stepsMatrix(design)],
  };
}

function storesMatrix({ stores }: RecoveryDesign): Matrix {
  return {
    title: "What of each store is in the recovery region",
    columns: ["store", "copied by", "promised RPO", "reached RPO"],
    rows: stores.map(({ name, copies, rpoSeconds }) => {
      const sums = copies.map(({ behind }) => sumOf(behind));
      const known = sums.filter(({ unsaid }) => unsaid.length === 0).map(({ seconds }) => seconds);
      const least = sums.map(({ seconds }) => seconds);
      const reached =
        copies.length === 0
          ? "nothing is there"
          : known.length > 0
            ? `${Math.min(...known)} s`
            : `at least ${Math.min(...least)} s`;
      return [name, copies.map(({ how }) => how).join("; ") || "-", `${rpoSeconds} s`, reached];
    }),
    legend: { "at least": "terms that nobody has measured come on top" },
  };
}

function stepsMatrix(design: RecoveryDesign): Matrix {
  const { steps, terms } = takeoverOf(design);
  const promised = (design.recovery?.rtoMinutes ?? 0) * 60;
  return {
    title: `How long nobody is served: ${formatSum(terms)}; promised ${promised} s`,
    columns: ["step", "seconds", "source"],
    rows: steps.flatMap(({ name, terms: own, isParallel }) =>
      own.map(({ what, seconds, source }) => [
        `${name}${isParallel ? " (at once)" : ""}: ${what}`,
        seconds === null ? "?" : String(seconds),
        source,
      ]),
    ),
    legend: { "?": "nobody says; a drill would" },
  };
}
