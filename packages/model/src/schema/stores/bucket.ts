import { z } from "zod";
import { errors } from "../../errors.ts";
import { part, report, without } from "../part.ts";
import { bucketPattern, whole } from "../scalars.ts";

const lifecycleStep = part({
  /** Keys that begin so; all without it. */
  prefix: z.string().max(1024).default(""),
  /** Days after the object was written. */
  afterDays: whole(0, 36_500),
  /** Storage class to move to, or "delete". */
  to: z.enum(["standard-ia", "intelligent-tiering", "glacier-ir", "glacier", "deep-archive", "delete"]),
});

export const bucketSchema = part({
  kind: z.literal("bucket"),
  /** Name; with {tenant} each silo tenant has a bucket of its own. Default "{platform}-{environment}-{store}", with the tenant behind it in a silo. */
  name: bucketPattern.optional(),
  /** What is in it; says so in documents and tags. */
  purpose: z.string().max(200).default(""),
  /** Old versions of objects are kept. Default true. */
  versioning: z.boolean().default(true),
  /** Copies to the recovery region, with deletions or without. Default none. */
  replication: without(
    part({ to: z.literal("recovery").default("recovery"), deletions: z.boolean().default(false) }),
  ),
  /** When objects move to cheaper storage or go. Default none. */
  lifecycle: z.array(lifecycleStep).max(1000).default([]),
  /** Whether access is logged. Default true. */
  accessLogs: z.boolean().default(true),
  /** Whether CloudFront may read it (static assets); never public itself. Default false. */
  servedByCloudFront: z.boolean().default(false),
}).superRefine(({ versioning, replication, lifecycle }, context) => {
  if (replication !== null && !versioning)
    report(context, ["replication"], errors.MODEL_REPLICATION_UNVERSIONED({}));
  const lastDays = new Map<string, number>();
  for (const [index, step] of lifecycle.entries()) {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
    if (step.to === "standard-ia" && step.afterDays < 30)
      report(
        context,
        ["lifecycle", index, "afterDays"],
        errors.MODEL_LIFECYCLE_EARLY({ afterDays: step.afterDays }),
      );
    const before = lastDays.get(step.prefix);
    if (before !== undefined && step.afterDays <= before) {
      report(
        context,
        ["lifecycle", index],
        errors.MODEL_LIFECYCLE_ORDER({ afterDays: step.afterDays, before }),
      );
    }
    lastDays.set(step.prefix, step.afterDays);
  }
});
