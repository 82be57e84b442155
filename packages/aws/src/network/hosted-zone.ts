import type { Platform } from "@tenantry/model";
import type { CfnParameter } from "aws-cdk-lib";
import { CfnHostedZone } from "aws-cdk-lib/aws-route53";
import { Construct } from "constructs";
import { protectData } from "../stack/data-protection.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";

export interface HostedZoneProps {
  readonly domain: string;
  readonly dataProtection: Platform["dataProtection"];
}

/** The public hosted zone of a domain; the domain's registrar must name its name servers. */
export class HostedZone extends Construct {
  readonly hostedZoneId: string;
  readonly nameServers: readonly string[];

  constructor(scope: Construct, id: string, { domain, dataProtection }: HostedZoneProps) {
    super(scope, id);
    const zone = new CfnHostedZone(this, "Resource", {
      name: domain,
      hostedZoneConfig: { comment: "Made by the platform that serves the domain." },
    });
    // A zone that is made again has other name servers, and the registrar would name the old ones.
    protectData(zone, dataProtection, "retain");
    this.hostedZoneId = zone.attrId;
    this.nameServers = zone.attrNameServers;
  }
}

export function hostedZoneArn(partition: string, hostedZoneId: string): string {
  return `arn:${partition}:route53:::hostedzone/${hostedZoneId}`;
}

/** As `hostedZoneIdOf`. */
export function hostedZoneArnOf(stack: PlatformStack): string {
  const { platform } = stack.site;
  return platform.edge.dns.hostedZone === null
    ? stack.need("dns/hosted-zone-arn", platform.region)
    : hostedZoneArn(stack.partition, hostedZoneIdOf(stack));
}

/**
 * The hosted zone of the platform's records, for a stack of any region: the one that the foundation of the primary region made,
 * or the existing one that the platform names, whose id a deployment looks up.
 */
export function hostedZoneIdOf(stack: PlatformStack): string {
  const { platform } = stack.site;
  const domain = platform.edge.dns.hostedZone;
  if (domain === null) return stack.need("dns/hosted-zone-id", platform.region);
  const id = "HostedZoneId";
  const known = stack.node.tryFindChild(id) as CfnParameter | undefined;
  const parameter =
    known ??
    stack.parameter(
      id,
      { type: "AWS::Route53::HostedZone::Id", description: `The public hosted zone of ${domain}.` },
      { kind: "hosted-zone", domain },
    );
  return parameter.valueAsString;
}
