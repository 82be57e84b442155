import { z } from "zod";
import { part, without } from "./part.ts";
import { account, distinct, region, schedule, whole } from "./scalars.ts";

/** The fields of a definition that an environment may change for itself. */
export const overridable = [
  "domain",
  "compute",
  "network",
  "routing",
  "edge",
  "cluster",
  "machines",
  "services",
  "functions",
  "stores",
  "tiers",
  "tenants",
  "identity",
  "audit",
  "organization",
  "compliance",
  "encryption",
  "observability",
  "delivery",
  "backups",
  "cost",
  "parameters",
  "patching",
  "incidents",
  "tags",
  "dataProtection",
  "cells",
] as const;
export type Overridable = (typeof overridable)[number];

/** The fields that differ in the recovery region. */
export const recoverable = ["network", "services", "functions", "stores", "cluster"] as const;
export type Recoverable = (typeof recoverable)[number];

const zones = z.union([whole(1, 6), distinct(z.string(), "zone").min(1).max(6)], {
  error: "a number of zones or a list of their names",
});

/** Overrides are checked where they arrive: merged into the definition. */
function overrides<Keys extends readonly string[]>(keys: Keys) {
  return Object.fromEntries(keys.map((key) => [key, z.unknown().optional()])) as {
    [Key in Keys[number]]: z.ZodOptional<z.ZodUnknown>;
  };
}

/** AWS's names for the four ways to recover: https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html */
export const recoveryStrategies = [
  "backup-and-restore",
  "pilot-light",
  "warm-standby",
  "active-active",
] as const;

export const recoverySchema = part({
  /** The region that takes over. */
  region,
  /** Number or names of zones. Default: as many as the primary region uses. */
  zones: zones.optional(),
  /** What waits there. Default "warm-standby". */
  strategy: z.enum(recoveryStrategies).default("warm-standby"),
  /** Longest time without service, minutes. Default 60. */
  rtoMinutes: whole(1, 100_000).default(60),
  /** Longest span of acknowledged writes that may be lost, seconds. Default 60. */
  rpoSeconds: whole(0, 10_000_000).default(60),
  /** Drills: how often recovery is practised. Default none. */
  drill: without(part({ schedule })),
  ...overrides(recoverable),
});

export const environmentSchema = part({
  kind: z.literal("environment").default("environment"),
  /** What it is for. */
  purpose: z.string().max(300).default(""),
  /** AWS region. */
  region,
  /** Number of zones (the first ones of the region) or their names. Default: network.zones. */
  zones: zones.optional(),
  /** AWS account id, twelve digits; null takes the account of the credentials. */
  account: account.nullable().default(null),
  /** A second region. Default none. */
  recovery: without(recoverySchema),
  ...overrides(overridable),
});
