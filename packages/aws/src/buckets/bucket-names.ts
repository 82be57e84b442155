import { errors } from "../errors.ts";
import type { Site } from "../stack/site.ts";

/** Names of buckets are unique over all regions, so the one of the recovery region is called otherwise. */
export function bucketNameAt(role: Site["role"], name: string): string {
  return role === "primary" ? name : replicaName(name);
}

/** The name of the copy of a bucket. No tenant id holds two hyphens in a row, so no tenant's own bucket can have it. */
function replicaName(name: string): string {
  return `${name}--replica`;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const lengthMax = 63;

/** Throws AWS_BUCKET_COPY_NAME where a bucket's name, with the longest tenant id in it, is too long for its copy. */
export function requireRoomForReplica(pattern: string, tenantIdLengthMax: number): void {
  const { length } = replicaName(pattern.replaceAll("{tenant}", "x".repeat(tenantIdLengthMax)));
  if (length > lengthMax)
    throw errors.AWS_BUCKET_COPY_NAME({ pattern, length, limit: lengthMax, excess: length - lengthMax });
}
