import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { acknowledge } from "../stack/acknowledge.ts";
import type { Site } from "../stack/site.ts";

/** A header that CloudFront sends to its origin, and that a load balancer's rules ask for. */
export interface OriginHeader {
  readonly name: string;
  /** A reference that CloudFormation resolves; the value stands in no template. */
  readonly value: string;
}

/** CloudFront's resources, and so what sends the header, stand in this region. */
const cloudFrontRegion = "us-east-1";

/**
 * The header by which the load balancers of a region know the platform's own distribution; null where CloudFront does not
 * stand before them.
 *
 * CloudFront's addresses say that a request comes from some distribution, of whomever. Only a secret says that it comes
 * from this one, and so has passed its web ACL. Every rule that forwards asks for it; without it the listener answers as to an
 * unknown host. The same reference holds in the stacks of the region and in those of us-east-1.
 */
export function originHeaderOf({ platform, region }: Site): OriginHeader | null {
  if (platform.edge.cloudFront === null) return null;
  const name = secretName(platform.name, platform.environment, region.region);
  // One distribution calls the load balancers of all regions, and sends each its own.
  return {
    name: `x-origin-verify-${region.region}`,
    value: `{{resolve:secretsmanager:${name}:SecretString}}`,
  };
}

export interface OriginSecretProps {
  readonly platform: string;
  readonly environment: string;
  /** AWS region of the load balancers. */
  readonly region: string;
  /** ARN of the key in this region; null takes AWS's own. */
  readonly keyArn: string | null;
}

/** The secret behind `originHeaderOf`, with a copy where the distribution is made. One for each region. */
export class OriginSecret extends Construct {
  constructor(scope: Construct, id: string, props: OriginSecretProps) {
    super(scope, id);
    const secret = new CfnSecret(this, "Resource", {
      name: secretName(props.platform, props.environment, props.region),
      description: "The header by which the load balancer knows its CloudFront distribution.",
      // It travels in a header: 40 letters and digits, 238 bits.
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
      ...(props.keyArn === null ? {} : { kmsKeyId: props.keyArn }),
      // The key of this region does not reach there; the copy has AWS's own.
      ...(props.region === cloudFrontRegion ? {} : { replicaRegions: [{ region: cloudFrontRegion }] }),
    });
    acknowledge(
      secret,
      "AwsSolutions-SMG4",
      "Rules and distribution take a new value only with their stacks; between the two every request would be refused.",
    );
  }
}

/** With its region, because the copies of two regions meet in us-east-1. */
function secretName(platform: string, environment: string, region: string): string {
  return `${platform}/${environment}/origin-header/${region}`;
}
