import type { Platform } from "@tenantry/model";
import { type CfnCondition, CfnResource } from "aws-cdk-lib";
import { CfnDetector } from "aws-cdk-lib/aws-guardduty";
import { CfnHub } from "aws-cdk-lib/aws-securityhub";
import { Construct } from "constructs";
import { ConfigRecorder, configWriters } from "./config-recorder.ts";
import { RecordBucket } from "./record-bucket.ts";
import { Trail, trailWriters } from "./trail.ts";

export interface AuditProps {
  readonly settings: Platform["audit"];
  /** Name of the trail, such as "shop-production". */
  readonly trailName: string;
  /** Name of the log group of the trail. */
  readonly trailLogGroup: string;
  /** Days after which an access key of a person must have been renewed. */
  readonly credentialRotationDays: number;
  /** ARN of the KMS key of the records; null for AWS's own. */
  readonly key: string | null;
  /** ARN of the KMS key of log groups; null for AWS's own. */
  readonly logKey: string | null;
  /** Name of the bucket that gets the access log of the records; null for none. */
  readonly logBucket: string | null;
  readonly dataProtection: Platform["dataProtection"];
  /** ARN of the permissions boundary of the roles; null for none. */
  readonly permissionsBoundary: string | null;
  /** Under which condition of the template all of this is made; null for always. */
  readonly condition: CfnCondition | null;
}

/**
 * What records and watches an account: CloudTrail in all regions, AWS Config, GuardDuty and Security Hub in this one.
 *
 * AWS Config, GuardDuty and Security Hub exist once in an account and region, and making a second one fails. So where two
 * environments share an account, one of them makes all of this for both, and `condition` keeps it out of the other.
 */
export class Audit extends Construct {
  constructor(scope: Construct, id: string, props: AuditProps) {
    super(scope, id);
    const { settings } = props;
    if (settings.cloudTrail || settings.config) this.#records(props);
    if (settings.guardDuty) {
      new CfnDetector(this, "GuardDuty", {
        enable: true,
        findingPublishingFrequency: "FIFTEEN_MINUTES",
        features: ["RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"].map((name) => ({ name, status: "ENABLED" })),
      });
    }
    if (settings.securityHub) new CfnHub(this, "SecurityHub", { enableDefaultStandards: true });
    for (const made of this.node.findAll()) {
      if (props.condition !== null && made instanceof CfnResource)
        made.cfnOptions.condition = props.condition;
    }
  }

  #records(props: AuditProps): void {
    const { settings, trailName, key, logKey, logBucket, dataProtection, permissionsBoundary } = props;
    const { retentionDays } = settings;
    const bucket = new RecordBucket(this, "Records", {
      retentionDays,
      key,
      logBucket,
      dataProtection,
      writers: (arn) => [
        ...(settings.cloudTrail ? trailWriters(this, trailName, arn) : []),
        ...(settings.config ? configWriters(this, arn) : []),
      ],
    });
    if (settings.cloudTrail) {
      new Trail(this, "Trail", {
        trailName,
        bucket,
        logGroupName: props.trailLogGroup,
        retentionDays,
        key,
        logKey,
        dataProtection,
        permissionsBoundary,
      });
    }
    if (settings.config) {
      const { credentialRotationDays } = props;
      new ConfigRecorder(this, "Config", { bucket, key, credentialRotationDays });
    }
  }
}
