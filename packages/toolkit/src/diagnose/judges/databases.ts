import { type Judgment, judgment } from "../finding.ts";
import type { DatabaseSnapshot, RegionSnapshot, SecretSnapshot, Snapshot } from "../snapshot.ts";
import { valueOf } from "../snapshot.ts";
import { shared, subjectOfService } from "../subjects.ts";
import { databasesOf } from "./paths.ts";

/** States in which a database serves, although something goes on. */
const serving = new Set([
  "available",
  "backing-up",
  "configuring-enhanced-monitoring",
  "configuring-log-exports",
  "storage-optimization",
  "storage-config-upgrade",
]);
const transient = new Set([
  "creating",
  "modifying",
  "rebooting",
  "starting",
  "upgrading",
  "failing-over",
  "maintenance",
  "renaming",
  "resetting-master-credentials",
]);
/** A rotation that is this late did not happen. */
const rotationGraceMs = 2 * 86_400_000;

export function judgeDatabases(snapshot: Snapshot): readonly Judgment[] {
  return snapshot.regions.flatMap((region) => [
    ...Object.entries(region.databases).flatMap(([id, found]) => {
      if (found.kind === "found") return judgeDatabase(found.value, region);
      if (found.kind === "unread") return [];
      return [
        judgment({
          severity: "error",
          code: "DATABASE_MISSING",
          subject: shared("database", id, region.region),
          what: `the database ${id} was made by its stack and does not exist any more`,
          fix: [`tenantry restore, or tenantry deploy ${snapshot.environment}`],
        }),
      ];
    }),
    ...judgeRotations(region, snapshot.nowMs),
  ]);
}

function judgeDatabase(database: DatabaseSnapshot, region: RegionSnapshot): readonly Judgment[] {
  const { id, status, kind, engine, masterSecret } = database;
  const subject = shared("database", id, region.region);
  const users = region.services.filter((service) =>
    databasesOf(service, region).some((one) => one.id === id),
  );
  const affected = [subject, ...users.map((service) => subjectOfService(service, region.region))];
  const see = `aws rds describe-db-${kind}s --region ${region.region} --db-${kind}-identifier ${id}`;
  const found: Judgment[] = [];
  if (!serving.has(status))
    found.push(
      judgment({
        severity: transient.has(status) ? "warning" : "error",
        code: status === "storage-full" ? "DATABASE_STORAGE_FULL" : "DATABASE_NOT_AVAILABLE",
        subject,
        affected,
        what: `the database ${id} (${engine}) is ${status}`,
        fix:
          status === "storage-full"
            ? ["give the store more storageGiB in the definition, then deploy"]
            : status === "stopped"
              ? [`aws rds start-db-${kind} --region ${region.region} --db-${kind}-identifier ${id}`]
              : [see],
      }),
    );
  else if (database.endpoint === null)
    found.push(
      judgment({
        severity: "error",
        code: "DATABASE_NO_ENDPOINT",
        subject,
        affected,
        what: `the database ${id} has no endpoint`,
        fix: [see],
      }),
    );
  if (masterSecret !== null && masterSecret.status !== "active")
    found.push(
      judgment({
        severity: masterSecret.status === "impaired" ? "error" : "warning",
        code: "DATABASE_SECRET_IMPAIRED",
        subject,
        affected,
        what: `the administrator's secret of ${id} is ${masterSecret.status}`,
        because: [masterSecret.arn],
        fix: [`aws secretsmanager describe-secret --region ${region.region} --secret-id ${masterSecret.arn}`],
      }),
    );
  return found;
}

function judgeRotations(region: RegionSnapshot, nowMs: number): readonly Judgment[] {
  return Object.keys(region.secrets).flatMap((reference) => {
    const secret = valueOf(region.secrets, reference);
    return secret === null || secret.deletedAtMs !== null ? [] : judgeRotation(secret, region.region, nowMs);
  });
}

function judgeRotation(
  { rotation, name, arn }: SecretSnapshot,
  region: string,
  nowMs: number,
): readonly Judgment[] {
  const { isOn, nextAtMs } = rotation;
  if (!isOn || nextAtMs === null || nowMs - nextAtMs < rotationGraceMs) return [];
  return [
    judgment({
      severity: "warning",
      code: "SECRET_NOT_ROTATED",
      subject: shared("secret", arn, region),
      what: `the secret ${name} should have been rotated on ${new Date(nextAtMs).toISOString().slice(0, 10)}`,
      because: [
        rotation.lastAtMs === null
          ? "it was never rotated"
          : `last rotated on ${new Date(rotation.lastAtMs).toISOString().slice(0, 10)}`,
      ],
      fix: [`aws secretsmanager rotate-secret --region ${region} --secret-id ${arn}`],
    }),
  ];
}
