import { Aws } from "aws-cdk-lib";
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

export interface DistributionLogsProps {
  /** Unique in the account; at most 60 characters. */
  readonly name: string;
  readonly distributionId: string;
  /** Name of a bucket, in any region, that lets CloudFront's logs in. */
  readonly bucket: string;
}

/** Access logs of a distribution: standard logging, version 2, which needs no ACL on the bucket. It belongs into us-east-1. */
export class DistributionLogs extends Construct {
  constructor(scope: Construct, id: string, props: DistributionLogsProps) {
    super(scope, id);
    const { bucket, distributionId, name } = props;
    const source = new CfnDeliverySource(this, "Source", {
      name,
      logType: "ACCESS_LOGS",
      resourceArn: `arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/${distributionId}`,
    });
    const destination = new CfnDeliveryDestination(this, "Destination", {
      name,
      destinationResourceArn: `arn:${Aws.PARTITION}:s3:::${bucket}`,
      outputFormat: "json",
    });
    const delivery = new CfnDelivery(this, "Delivery", {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
    });
    delivery.addResourceDependency(source);
  }
}
