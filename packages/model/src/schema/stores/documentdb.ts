import { z } from "zod";
import { part } from "../part.ts";
import { instanceType, port, whole } from "../scalars.ts";
import { databaseBackups, databaseCredentials } from "./postgres.ts";
import { versionOf } from "./versions.ts";

export const documentdbSchema = part({
  kind: z.literal("documentdb"),
  /** Engine version. Default "5.0". */
  version: versionOf("DocumentDB", ["4.0", "5.0", "8.0"]).default("5.0"),
  /** Instance class, such as "r5.large". Default "t4g.medium". */
  instance: instanceType("db.").default("t4g.medium"),
  /** Instances: the writer and its readers. Default 1. */
  instances: whole(1, 16).default(1),
  /** Port. Default 27017. */
  port: port.default(27_017),
  /** Automated backups. */
  backups: databaseBackups.prefault({}),
  /** Credentials, kept in Secrets Manager. */
  credentials: databaseCredentials.prefault({}),
  /** "required" refuses connections without TLS. Default "required". */
  tls: z.enum(["required", "allowed"]).default("required"),
  /** Subnets of the instances. Default: "database" where the network has such, else "private". */
  subnets: z.enum(["private", "database"]).optional(),
  /** How the recovery region gets the data. Default: "global-cluster", with backup-and-restore "backup-copy", "none" without a recovery region. */
  replication: z.enum(["global-cluster", "backup-copy", "none"]).optional(),
});
