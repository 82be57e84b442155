import { z } from "zod";
import { errors } from "../../errors.ts";
import { checked, part, report, without } from "../part.ts";
import { distinct, instanceType, port, secretPattern, timeWindow, whole } from "../scalars.ts";
import { versionOf } from "./versions.ts";

const reservedWords = new Set([
  "postgres",
  "template0",
  "template1",
  "rdsadmin",
  "all",
  "user",
  "table",
  "select",
  "default",
  "order",
  "group",
  "from",
  "where",
  "end",
]);
const database = checked(z.string(), (value) =>
  /^[a-z][a-z0-9_]{0,62}$/.test(value) && !reservedWords.has(value)
    ? null
    : errors.MODEL_DATABASE_NAME({ value }),
);

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.cost.html
const insightsRetention = checked(whole(7, 731), (value) =>
  value === 7 || value === 731 || value % 31 === 0 ? null : errors.MODEL_INSIGHTS_RETENTION({ value }),
);

/** Automated backups of a database. */
export const databaseBackups = part({
  /** Days that point-in-time recovery reaches back (BackupRetentionPeriod). Default 7. */
  retentionDays: whole(1, 35).default(7),
  /** Daily window, UTC. Default "03:00-04:00". */
  window: timeWindow.default("03:00-04:00"),
  /** Whether snapshots are copied to the recovery region. Default: where that is how the region gets the data. */
  copyToRecovery: z.boolean().optional(),
});

/** Credentials of a database, kept in Secrets Manager. */
export const databaseCredentials = part({
  /** Name of the master secret. Default "{platform}/{environment}/{store}/master". */
  masterSecret: secretPattern.default("{platform}/{environment}/{store}/master"),
  /** Name of each tenant's secret. Default "{platform}/{environment}/{store}/tenant/{tenant}". */
  tenantSecret: secretPattern.default("{platform}/{environment}/{store}/tenant/{tenant}"),
  /** Days between two rotations; null never rotates. Default 30. */
  rotationDays: whole(1, 1000).nullable().default(30),
});

export const postgresSchema = part({
  kind: z.literal("postgres"),
  /** "aurora" (Aurora PostgreSQL) or "rds" (RDS for PostgreSQL). Default "aurora". */
  engine: z.enum(["aurora", "rds"]).default("aurora"),
  /** Engine version, such as "15.8", or "15" for its newest minor version. Default "17". */
  version: versionOf("PostgreSQL", ["13", "14", "15", "16", "17", "18"]).default("17"),
  /** Instance class, such as "r5.large" or "db.r5.large". Default "t4g.medium". */
  instance: instanceType("db.").default("t4g.medium"),
  /** Instances: the writer, and its readers (read replicas) behind it. Default 1. */
  instances: whole(1, 16).default(1),
  /** A standby in another zone that takes over by itself. Default: RDS where there are two zones, Aurora where there are two instances. */
  multiAz: z.boolean().optional(),
  /** Name of the database. Default "app". */
  database: database.default("app"),
  /** Port. Default 5432. */
  port: port.default(5432),
  /** Parameter group: parameter → value. Default none. */
  parameters: z
    .record(z.string().regex(/^[a-z][a-z0-9_.]*$/, 'a parameter, such as "log_statement"'), z.string())
    .default({}),
  /** Libraries in shared_preload_libraries. Default pg_stat_statements. */
  preloadLibraries: distinct(
    z.string().regex(/^[a-z][a-z0-9_]*$/, 'a library, such as "pg_stat_statements"'),
    "library",
  ).default(["pg_stat_statements"]),
  /** Storage of RDS; Aurora grows by itself. */
  storage: part({
    /** GiB at the start. Default 100. */
    sizeGiB: whole(20, 65_536).default(100),
    /** GiB up to which storage grows by itself (MaxAllocatedStorage). Default 1000. */
    sizeGiBMax: whole(20, 65_536).default(1000),
    /** EBS volume type. Default "gp3". */
    type: z.enum(["gp3", "io2"]).default("gp3"),
  })
    .superRefine(({ sizeGiB, sizeGiBMax }, context) => {
      if (sizeGiB > sizeGiBMax) report(context, [], errors.MODEL_STORAGE_RANGE({ sizeGiB, sizeGiBMax }));
    })
    .prefault({}),
  /** Automated backups. */
  backups: databaseBackups.prefault({}),
  /** Performance Insights, and the days that it keeps (7, or months of 31); null for none. Default 7 days. */
  performanceInsights: part({ retentionDays: insightsRetention.default(7) })
    .nullable()
    .prefault({}),
  /** Enhanced monitoring interval, seconds; 0 for none. Default 60. */
  monitoringSeconds: z.literal([0, 1, 5, 10, 15, 30, 60]).default(60),
  /** Credentials, kept in Secrets Manager. */
  credentials: databaseCredentials.prefault({}),
  /** "required" refuses connections without TLS (rds.force_ssl). Default "required". */
  tls: z.enum(["required", "allowed"]).default("required"),
  /** Whether roles may log in by IAM. Default false. */
  iamAuthentication: z.boolean().default(false),
  /** RDS Proxy between services and database. Default false. */
  proxy: z.boolean().default(false),
  /** Subnets of the instances. Default: "database" where the network has such, else "private". */
  subnets: z.enum(["private", "database"]).optional(),
  /** How the recovery region gets the data: continuously, or by copied backups. Default: "replica", with backup-and-restore "backup-copy", "none" without a recovery region. */
  replication: z.enum(["replica", "global-database", "backup-copy", "none"]).optional(),
  /** Requests to read from a replica only where a lag is acceptable; writes and what follows them read from the writer. Default "writer". */
  reads: z.enum(["writer", "replicas-where-stale-is-fine"]).default("writer"),
  /** When people are told about the database. Default none. */
  alarms: without(
    part({
      /** CPU, percent. Default 80. */
      cpuPercent: whole(1, 100).default(80),
      /** Connections of those that there can be, percent. Default 80. */
      connectionsPercent: whole(1, 100).default(80),
      /** Lag of a replica, seconds. Default 30. */
      replicaLagSeconds: whole(1, 3600).default(30),
    }),
  ),
});
