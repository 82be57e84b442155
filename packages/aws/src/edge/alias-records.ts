import { pascal } from "../stack/platform-stack.ts";
import { CfnRecordSet } from "aws-cdk-lib/aws-route53";
import type { CfnCondition } from "aws-cdk-lib";
import { Construct } from "constructs";

/** CloudFront's own hosted zone, the same for every distribution: https://docs.aws.amazon.com/general/latest/gr/cf_region.html */
export const cloudFrontHostedZoneId = "Z2FDTNDATAQYW2";

export interface AliasRecordsProps {
  readonly hostedZoneId: string;
  /** Names, with * as a first label where a wildcard is meant. */
  readonly hosts: readonly string[];
  readonly target: {
    readonly dnsName: string;
    /** The zone of the target: of the load balancer, or CloudFront's. */
    readonly hostedZoneId: string;
    /** Whether the target has IPv6 addresses. */
    readonly ipv6: boolean;
    /** Whether Route 53 asks the target how it is. CloudFront cannot say. */
    readonly evaluateHealth: boolean;
  };
  /** The share of a region where several answer; null where there is one. */
  readonly share: RegionShare | null;
}

export interface RegionShare {
  readonly region: string;
  /** Weight, 0 to 255. Route 53 asks a record with 0 only when all others are unhealthy. */
  readonly weight: number;
  /** Health check of the region; null leaves it to the target's own health. */
  readonly healthCheckId: string | null;
  /** Whether there is a record at all; null for always. */
  readonly condition: CfnCondition | null;
}

/**
 * Records that lead hosts to a load balancer or a distribution. They are aliases, which the apex of a zone needs, which cost nothing to ask, and
 * which are cached as long as AWS says for the target: 60 seconds.
 */
export class AliasRecords extends Construct {
  constructor(scope: Construct, id: string, props: AliasRecordsProps) {
    super(scope, id);
    const { hostedZoneId, hosts, share, target } = props;
    for (const [index, host] of hosts.entries()) {
      for (const type of target.ipv6 ? ["A", "AAAA"] : ["A"]) {
        const name = index === 0 ? "" : pascal(host.replace("*", "wildcard"));
        const record = new CfnRecordSet(this, `${name}${type}`, {
          hostedZoneId,
          name: host,
          type,
          aliasTarget: {
            dnsName: target.dnsName,
            hostedZoneId: target.hostedZoneId,
            evaluateTargetHealth: target.evaluateHealth,
          },
          ...(share === null
            ? {}
            : {
                setIdentifier: share.region,
                weight: share.weight,
                ...(share.healthCheckId === null ? {} : { healthCheckId: share.healthCheckId }),
              }),
        });
        if (share !== null && share.condition !== null) record.cfnOptions.condition = share.condition;
      }
    }
  }
}
