import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { requireFlag, textAt, valueAt } from "../read-value.ts";

const blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
const privateAcls = [undefined, "Private", "BucketOwnerFullControl", "LogDeliveryWrite", "BucketOwnerRead"];

export const bucketsClosed = postureRule({
  name: "buckets-closed",
  why: "A bucket that can be made public is public after one mistake in a policy or with one object.",
  fix: "Block all public access, and leave AccessControl out.",
  things: "buckets",
  find: ({ ofType }) => ofType("AWS::S3::Bucket"),
  judge: (bucket) => [
    ...blocks.flatMap((block) =>
      requireFlag(bucket, ["PublicAccessBlockConfiguration", block], true, "it can be made public"),
    ),
    ...judgeAcl(bucket),
    ...(valueAt(bucket.properties, "WebsiteConfiguration") === undefined
      ? []
      : [refuted(bucket.key, "it is a website, which S3 serves to everybody without TLS")]),
  ],
});

function judgeAcl(bucket: Resource): readonly Finding[] {
  const acl = textAt(bucket.properties, "AccessControl");
  return privateAcls.includes(acl) ? [] : [refuted(bucket.key, `AccessControl is ${String(acl)}`)];
}
