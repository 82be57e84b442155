import type { Platform, PlatformStore } from "@tenantry/model";
import { backupSchedule, everyHours } from "./backup-schedule.ts";

/** A plan of AWS Backup, with everything filled in. */
export interface PlannedBackup {
  readonly name: string;
  /** Names of stores. */
  readonly stores: readonly string[];
  /** Cron expression, UTC. */
  readonly schedule: string;
  readonly retentionDays: number;
  /** Days until it moves to cold storage; null never. AWS Backup leaves out what has none, which databases and buckets have not. */
  readonly coldAfterDays: number | null;
  readonly copyToRecovery: boolean;
}

type BackedUp = Pick<Platform, "backups" | "stores" | "recovery">;

/** Stores that AWS Backup can back up. A Redis keeps snapshots of its own; queues, topics and brokers hold nothing for long. */
export function backedUpKind({ kind }: PlatformStore): boolean {
  return kind === "postgres" || kind === "documentdb" || kind === "bucket";
}

/**
 * The plans of a platform, and one for the stores whose backups are to be in the recovery region although no plan takes them there.
 */
export function plannedBackups(platform: BackedUp): readonly PlannedBackup[] {
  const all = Object.values(platform.stores)
    .filter(backedUpKind)
    .map(({ name }) => name);
  const plans = Object.entries(platform.backups.plans).map(([name, plan]): PlannedBackup => ({
    name,
    stores: plan.stores === "all" ? all : plan.stores.filter((store) => all.includes(store)),
    schedule: backupSchedule(plan.schedule),
    retentionDays: plan.retentionDays,
    coldAfterDays: plan.coldAfterDays,
    copyToRecovery: plan.copyToRecovery && platform.recovery !== null,
  }));
  return [...plans, ...uncopied(platform, plans)].filter(({ stores }) => stores.length > 0);
}

/** By how long a store's backups are kept. */
function uncopied({ stores, recovery }: BackedUp, plans: readonly PlannedBackup[]): readonly PlannedBackup[] {
  if (recovery === null) return [];
  const byDays = new Map<number, string[]>();
  for (const store of Object.values(stores)) {
    if ((store.kind !== "postgres" && store.kind !== "documentdb") || !store.backups.copyToRecovery) continue;
    if (plans.some((plan) => plan.copyToRecovery && plan.stores.includes(store.name))) continue;
    const { retentionDays } = store.backups;
    byDays.set(retentionDays, [...(byDays.get(retentionDays) ?? []), store.name]);
  }
  return [...byDays].map(([retentionDays, names]) => ({
    name: `copies-${retentionDays}-days`,
    stores: names,
    schedule: copySchedule(recovery),
    retentionDays,
    coldAfterDays: null,
    copyToRecovery: true,
  }));
}

/**
 * Where copies are how the recovery region gets the data, they are made as often as the promised loss of data wants, hourly
 * at most, which is all that AWS Backup does; else daily.
 */
function copySchedule({ strategy, rpoSeconds }: NonNullable<Platform["recovery"]>): string {
  return strategy === "backup-and-restore"
    ? everyHours(Math.min(24, Math.floor(rpoSeconds / 3600)))
    : everyHours(24);
}

/** Fewest days that any plan keeps a recovery point; what the lock of a vault asks for. */
export function retentionDaysMin(plans: readonly PlannedBackup[]): number {
  return Math.min(...plans.map(({ retentionDays }) => retentionDays));
}
