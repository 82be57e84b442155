import { Aws } from "aws-cdk-lib";
import { Bucket } from "../buckets/bucket.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import { shortName } from "../stack/short-name.ts";

/**
 * The bucket for copies of the configuration, besides version control. Every copy of an object stays for a year after a newer one
 * has come.
 */
export function addConfigurationBucket(stack: PlatformStack): void {
  const { platform } = stack.site;
  // Twelve digits and the word before them leave 36 of the 63 characters.
  const beginning = shortName(`${platform.name}-${platform.environment}`, 36);
  const bucket = new Bucket(stack, "ConfigurationBucket", {
    bucketName: `${beginning}-configuration-${Aws.ACCOUNT_ID}`,
    store: { lifecycle: [], versioning: true, servedByCloudFront: false },
    keyArn: stack.needKey("backups"),
    logBucket: stack.need("audit/log-bucket"),
    replication: null,
    tenantId: null,
    permissionsBoundaryArn: null,
    dataProtection: platform.dataProtection,
  });
  stack.provide("backups/configuration-bucket", bucket.bucketName);
  stack.output("ConfigurationBucketName", bucket.bucketName, "Where copies of the configuration go.");
}
