import { errors } from "../errors.ts";
import type { PlatformRecovery, Tier } from "../platform.ts";
import type { Path } from "../problem.ts";
import type { Report } from "./report.ts";

type Promise = Pick<PlatformRecovery, "strategy" | "rtoMinutes" | "rpoSeconds">;

/**
 * The fastest that a strategy can promise. Point-in-time recovery of RDS reaches to five minutes
 * ago (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html), replication
 * between regions is asynchronous, and a database must be restored before anybody can use it.
 */
const fastest = {
  "backup-and-restore": { rpoSeconds: 300, rtoMinutes: 30 },
  "pilot-light": { rpoSeconds: 1, rtoMinutes: 5 },
  "warm-standby": { rpoSeconds: 1, rtoMinutes: 1 },
  "active-active": { rpoSeconds: 1, rtoMinutes: 1 },
} as const;

export function checkRecovery(
  recovery: Promise & { readonly region: string },
  primaryRegion: string,
  path: Path,
  report: Report,
): void {
  const { strategy, rpoSeconds, rtoMinutes } = recovery;
  if (recovery.region === primaryRegion) {
    report([...path, "region"], errors.MODEL_RECOVERY_SAME_REGION({ region: recovery.region }));
  }
  const least = fastest[strategy];
  if (rpoSeconds < least.rpoSeconds) {
    const reason =
      strategy === "backup-and-restore"
        ? "backups reach to five minutes ago"
        : "replication between regions is asynchronous";
    report(
      [...path, "rpoSeconds"],
      errors.MODEL_RPO_IMPOSSIBLE({ rpoSeconds, reason, leastSeconds: least.rpoSeconds }),
    );
  }
  if (rtoMinutes < least.rtoMinutes) {
    report(
      [...path, "rtoMinutes"],
      errors.MODEL_RTO_IMPOSSIBLE({ rtoMinutes, strategy, leastMinutes: least.rtoMinutes }),
    );
  }
}

/** A tier may not promise its tenants more than the environment's recovery reaches. */
export function checkTierPromises(
  tiers: Readonly<Record<string, Tier>>,
  recovery: Promise | null,
  report: Report,
): void {
  if (recovery === null) return;
  for (const [name, tier] of Object.entries(tiers)) {
    for (const field of ["rtoMinutes", "rpoSeconds"] as const) {
      const wanted = tier[field];
      const reached = recovery[field];
      if (wanted !== null && wanted < reached) {
        report(["tiers", name, field], errors.MODEL_TIER_RECOVERY({ tier: name, field, wanted, reached }));
      }
    }
  }
}
