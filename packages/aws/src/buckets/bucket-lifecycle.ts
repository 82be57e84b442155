import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import type { BucketStore } from "./bucket.ts";

type Step = BucketStore["lifecycle"][number];

/** An upload that was given up is paid for until it goes. */
const incompleteUploadDays = 7;
/** Long enough to notice a mistake of last quarter's, short enough that old versions do not pile up. */
const oldVersionDays = 90;

const storageClasses: Readonly<Record<Exclude<Step["to"], "delete">, string>> = {
  "standard-ia": "STANDARD_IA",
  "intelligent-tiering": "INTELLIGENT_TIERING",
  "glacier-ir": "GLACIER_IR",
  glacier: "GLACIER",
  "deep-archive": "DEEP_ARCHIVE",
};

/** The rules of a bucket: those of the definition, and those without which cost grows unseen. */
export function bucketLifecycle(
  steps: readonly Step[],
  versioning: boolean,
): CfnBucket.LifecycleConfigurationProperty {
  const prefixes = [...new Set(steps.map(({ prefix }) => prefix))];
  return {
    rules: [
      {
        id: "clean-up",
        status: "Enabled",
        abortIncompleteMultipartUpload: { daysAfterInitiation: incompleteUploadDays },
        ...(versioning
          ? {
              noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
              expiredObjectDeleteMarker: true,
            }
          : {}),
      },
      ...prefixes.map((prefix, index) => ruleOf(index, prefix, steps)),
    ],
  };
}

function ruleOf(index: number, prefix: string, steps: readonly Step[]): CfnBucket.RuleProperty {
  const own = steps.filter((step) => step.prefix === prefix);
  const deletion = own.find(({ to }) => to === "delete");
  const transitions = own.flatMap(({ to, afterDays }) =>
    to === "delete" ? [] : [{ storageClass: storageClasses[to], transitionInDays: afterDays }],
  );
  return {
    id: `age-${index + 1}`,
    status: "Enabled",
    ...(prefix === "" ? {} : { prefix }),
    ...(transitions.length === 0 ? {} : { transitions }),
    // S3 counts from midnight, and takes no zero here.
    ...(deletion === undefined ? {} : { expirationInDays: Math.max(1, deletion.afterDays) }),
  };
}
