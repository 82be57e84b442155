import { boundFindings } from "../../posture/bound-findings.ts";
import { listAt, textAt, textsAt } from "../../posture/read-value.ts";
import { type Finding, notApplicable, refuted, unknown } from "../../rule.ts";
import type { RecoveryDesign } from "../read-recovery.ts";
import type { RecoveryRule } from "../recovery-rule.ts";
import { scheduleInterval } from "../schedule-interval.ts";

export const restoresTested: RecoveryRule = {
  id: "recoverability/restores-tested",
  why: "A backup that was never restored is a hope.",
  fix: "Ship the restore test that backups.restoreTest says, with every store in it.",
  judge: (design) => {
    const { restoreTest } = design.definition.backups;
    if (restoreTest === null)
      return [
        notApplicable(
          design.shipment.environment,
          "the definition has no backups.restoreTest: no restore is tried",
        ),
      ];
    const asked = scheduleInterval(restoreTest.schedule);
    if (asked === null) return [unknown("backups.restoreTest", `how often ${restoreTest.schedule} runs`)];
    return boundFindings([...judgePlans(design, asked), ...judgeSelections(design, restoreTest.stores)]);
  },
};

function judgePlans({ primary, standby, shipment }: RecoveryDesign, asked: number): readonly Finding[] {
  const plans = [
    ...primary.ofType("AWS::Backup::RestoreTestingPlan"),
    ...standby.ofType("AWS::Backup::RestoreTestingPlan"),
  ];
  if (plans.length === 0) return [refuted(shipment.environment, "no restore testing plan is shipped")];
  return plans.flatMap(({ key, properties }) => {
    const expression = textAt(properties, "ScheduleExpression") ?? "";
    const every = scheduleInterval(expression);
    const vaults = textsAt(properties, "RecoveryPointSelection", "IncludeVaults");
    const known = [
      ...primary.ofType("AWS::Backup::BackupVault"),
      ...standby.ofType("AWS::Backup::BackupVault"),
    ];
    return [
      ...(every !== null && every <= Math.max(asked, asked >= 28 * 86_400 ? 31 * 86_400 : 0)
        ? []
        : [refuted(key, `${expression} runs more rarely than backups.restoreTest says`)]),
      ...(vaults.includes("*") || known.some(({ arn }) => arn !== null && vaults.includes(arn))
        ? []
        : [refuted(key, "it looks into no vault that is shipped")]),
    ];
  });
}

function judgeSelections(
  { stores, primary, standby }: RecoveryDesign,
  named: readonly string[] | undefined,
): readonly Finding[] {
  const selections = [
    ...primary.ofType("AWS::Backup::RestoreTestingSelection"),
    ...standby.ofType("AWS::Backup::RestoreTestingSelection"),
  ];
  return stores
    .filter(({ store, tier }) =>
      tier !== null
        ? false
        : named === undefined
          ? store.kind === "postgres" || store.kind === "documentdb"
          : named.includes(store.name),
    )
    .filter(
      ({ resource }) =>
        !selections.some(({ properties }) =>
          listAt(properties, "ProtectedResourceArns").some(
            (arn) => arn === "*" || (arn === resource.arn && arn !== null),
          ),
        ),
    )
    .map(({ resource, name }) => refuted(resource.key, `no restore of ${name} is tried`));
}
