import { z } from "zod";
import { errors } from "../errors.ts";
import { part, report, without } from "./part.ts";
import { distinct, nameOf, schedule, text, usd, whole } from "./scalars.ts";
import { allocationKeys, costComponents, usageSchema } from "./usage.ts";

const plan = part({
  /** Stores, or "all". Default "all". */
  stores: z
    .union([z.literal("all"), distinct(z.string().min(1), "store").min(1)], {
      error: '"all" or a list of stores',
    })
    .default("all"),
  schedule,
  /** Days that a recovery point is kept. Default 35. */
  retentionDays: whole(1, 36_500).default(35),
  /** Days until it moves to cold storage; null never. */
  coldAfterDays: whole(1, 36_500).nullable().default(null),
  /** Copy in the recovery region. Default false. */
  copyToRecovery: z.boolean().default(false),
});

/** AWS Backup, and exports of what lives elsewhere. */
export const backupsSchema = part({
  /** Backup plans by name. Default none: each store's automated backups. */
  plans: z.record(nameOf("a backup plan", 32), plan).default({}),
  /** Restores that are tried on a schedule and checked. Default none. */
  restoreTest: without(part({ schedule, stores: distinct(z.string().min(1), "store").min(1).optional() })),
  /** Copies of content that another service holds. Default none. */
  exports: z
    .record(
      nameOf("an export", 32),
      part({
        kind: z.literal("contentful"),
        /** Name of the secret with the management token. */
        secret: text,
        schedule,
        /** The bucket that gets it. */
        to: z.string().min(1),
        /** Days that an export is kept. Default 90. */
        retentionDays: whole(1, 36_500).default(90),
      }),
    )
    .default({}),
  /** The configuration itself: kept in version control, and copied. Default "version-control". */
  configuration: z.enum(["version-control", "version-control-and-bucket"]).default("version-control"),
});

const thresholds = z
  .array(z.number().min(1).max(1000))
  .min(1)
  .max(5)
  .superRefine((value, context) => {
    if (value.some((threshold, index) => index > 0 && threshold <= (value[index - 1] ?? 0))) {
      report(context, [], errors.MODEL_THRESHOLD_ORDER({ thresholds: value }));
    }
  });

/** A key for each component, which may be left out. */
function keysOfComponents() {
  const key = z.enum(allocationKeys).optional();
  return Object.fromEntries(costComponents.map((component) => [component, key])) as {
    [Component in (typeof costComponents)[number]]: typeof key;
  };
}

export const costSchema = part({
  /** AWS Budgets for the environment. Default none. */
  budget: without(
    part({
      /** Budget of a month, USD. */
      monthlyUsd: usd,
      /** Percent at which people are told. Default 80 and 100. */
      alertPercents: thresholds.default([80, 100]),
      /** Names of alert destinations. Default none. */
      notify: distinct(z.string().min(1), "destination").default([]),
    }),
  ),
  /** Advice on reserved capacity for the baseline. Default none. */
  reserved: without(
    part({
      /** Years of the commitment. Default 1. */
      termYears: z.literal([1, 3]).default(1),
      /** How it is paid. Default "no-upfront". */
      payment: z.enum(["no-upfront", "partial-upfront", "all-upfront"]).default("no-upfront"),
    }),
  ),
  /** Tags by which cost is shared out. Default tenant_id, cost_center, Environment. */
  allocationTags: distinct(z.string().min(1), "tag").default(["tenant_id", "cost_center", "Environment"]),
  /** Cost anomaly detection and regular analysis. Default true. */
  anomalyDetection: z.boolean().default(true),
  /** Assumptions that the estimate is made from; each is said in its output. */
  usage: usageSchema.prefault({}),
  /**
   * How the cost of a component is split among the tenants that share it, by component, such as
   * { databases: "by-weight" }. Default: each component's own key, which the estimate says.
   */
  allocation: part(keysOfComponents()).prefault({}),
});
