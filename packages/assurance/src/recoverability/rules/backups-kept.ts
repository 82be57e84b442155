import type { PlatformStore } from "@tenantry/model";
import type { Data, Resource } from "../../artifacts/shipment.ts";
import { boundFindings } from "../../posture/bound-findings.ts";
import { listAt, numberAt, textAt, textsAt } from "../../posture/read-value.ts";
import { type Finding, notApplicable, refuted, unknown } from "../../rule.ts";
import type { RecoveryDesign, ShippedStore } from "../read-recovery.ts";
import type { RecoveryRule } from "../recovery-rule.ts";
import { scheduleInterval } from "../schedule-interval.ts";
import { backupRulesOf } from "../store-copies.ts";

export const backupsKept: RecoveryRule = {
  id: "recoverability/backups-kept",
  why: "Backups that are taken too rarely, kept too short or can be deleted are not there when a mistake is found.",
  fix: "Ship the plans of the definition: as often, as long, copied and locked as backups says.",
  judge: (design) => {
    const plans = Object.entries(design.definition.backups.plans);
    const vaults = [
      ...design.primary.ofType("AWS::Backup::BackupVault"),
      ...design.standby.ofType("AWS::Backup::BackupVault"),
    ];
    const { environment } = design.shipment;
    if (plans.length === 0 && vaults.length === 0)
      return [
        notApplicable(environment, "the definition has no backup plans; databases keep their own backups"),
      ];
    return boundFindings([
      ...plans.flatMap(([name, plan]) => judgePlan(name, plan, design)),
      ...vaults.flatMap((vault) => judgeVault(vault, design)),
      ...otherAccounts(design),
    ]);
  },
};

type AskedPlan = RecoveryDesign["definition"]["backups"]["plans"][string];

const backedUp: readonly PlatformStore["kind"][] = ["postgres", "documentdb", "bucket"];

/** Every store that a plan names is selected by a rule that does what the plan says. */
function judgePlan(name: string, plan: AskedPlan, design: RecoveryDesign): readonly Finding[] {
  const stores = design.stores.filter(
    ({ store }) =>
      backedUp.includes(store.kind) && (plan.stores === "all" || plan.stores.includes(store.name)),
  );
  const interval = scheduleInterval(plan.schedule);
  if (interval === null) return [unknown(`backups.plans.${name}`, `how often ${plan.schedule} runs`)];
  return stores.flatMap((store) => judgeStore(name, plan, interval, store, design));
}

function judgeStore(
  name: string,
  plan: AskedPlan,
  interval: number,
  { resource, name: store }: ShippedStore,
  { primary, recovery }: RecoveryDesign,
): readonly Finding[] {
  const rules = backupRulesOf(resource, primary).map(({ rule }) => rule);
  if (rules.length === 0)
    return [refuted(resource.key, `no shipped plan backs up ${store}, which backups.plans.${name} names`)];
  const missing = (rule: Data): readonly string[] => {
    const every = scheduleInterval(textAt(rule, "ScheduleExpression") ?? "");
    // Months have up to 31 days, and a backup plan knows no other rate for thirty.
    const isOften = every !== null && every <= Math.max(interval, interval >= 28 * 86_400 ? 31 * 86_400 : 0);
    const days = numberAt(rule, "Lifecycle", "DeleteAfterDays") ?? Number.POSITIVE_INFINITY;
    const copies = listAt(rule, "CopyActions");
    const isCopied = copies.some((copy) =>
      (textAt(copy, "DestinationBackupVaultArn") ?? "").includes(`:backup:${recovery?.region ?? ""}:`),
    );
    return [
      ...(isOften
        ? []
        : [`${textAt(rule, "ScheduleExpression") ?? "no schedule"} runs more rarely than ${plan.schedule}`]),
      ...(days >= plan.retentionDays
        ? []
        : [`they are kept ${days} days, and the definition says ${plan.retentionDays}`]),
      ...(plan.copyToRecovery && recovery !== null && !isCopied
        ? [`they are not copied to ${recovery.region}`]
        : []),
    ];
  };
  const faults = rules.map((rule) => missing(rule));
  return faults.some((one) => one.length === 0)
    ? []
    : [refuted(resource.key, `backups of ${store}: ${(faults[0] ?? []).join("; ")}`)];
}

/** Nobody deletes recovery points: the vault is locked, and denies it. */
function judgeVault(vault: Resource, { definition }: RecoveryDesign): readonly Finding[] {
  if (definition.dataProtection === "disposable")
    return [notApplicable(vault.key, 'the environment says dataProtection: "disposable"')];
  const locked = numberAt(vault.properties, "LockConfiguration", "MinRetentionDays");
  const denies = listAt(vault.properties, "AccessPolicy", "Statement").some(
    (statement) =>
      textAt(statement, "Effect") === "Deny" &&
      ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"].every((action) =>
        textsAt(statement, "Action").some((one) => one === action || one === "*" || one === "backup:*"),
      ),
  );
  return [
    ...(locked === undefined || locked < 1
      ? [refuted(vault.key, "the vault has no LockConfiguration: recovery points can go before their time")]
      : []),
    ...(denies ? [] : [refuted(vault.key, "its policy does not deny deleting recovery points")]),
  ];
}

/** Said, because whoever takes over the account has the keys of both vaults. */
function otherAccounts({ shipment, primary }: RecoveryDesign): readonly Finding[] {
  const targets = primary
    .ofType("AWS::Backup::BackupPlan")
    .flatMap(({ properties }) => listAt(properties, "BackupPlan", "BackupPlanRule"))
    .flatMap((rule) => listAt(rule, "CopyActions"))
    .map((copy) => (textAt(copy, "DestinationBackupVaultArn") ?? "").split(":")[4]);
  return targets.some((account) => account !== undefined && account !== shipment.account)
    ? []
    : [
        notApplicable(
          shipment.environment,
          "no backups are copied to another account: the definition names none",
        ),
      ];
}
