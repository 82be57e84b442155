import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { CfnLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { Construct } from "constructs";
import { shortName } from "../stack/short-name.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { cloudFrontPrefixLists } from "./cloud-front-prefix-lists.ts";
import { noEgress } from "./no-egress.ts";

export interface LoadBalancerProps {
  /** Found by it, see `loadBalancerName`; null lets CloudFormation make one. */
  readonly name: string | null;
  readonly vpcId: string;
  /** One for each zone, at least two. */
  readonly subnets: readonly string[];
  readonly scheme: "internet-facing" | "internal";
  /** The range of the VPC: who may call an internal one. */
  readonly cidr: string;
  /** AWS region: CloudFront's prefix list has another id in each. */
  readonly region: string;
  /** What the listener speaks: over https, port 80 is there to redirect. */
  readonly listener: "https" | "http";
  /** Whether CloudFront stands before it, and nobody else comes in. */
  readonly behindCloudFront: boolean;
  /** Ports of the services behind it; it may go out to no other. */
  readonly targetPorts: readonly number[];
  /** Seconds that an idle connection stays open. */
  readonly idleTimeoutSeconds: number;
  /** A bucket with AWS's own encryption that load balancers may write to; null for no access logs. */
  readonly accessLogs: { readonly bucket: string; readonly prefix: string } | null;
  /** Whether AWS refuses to delete it. */
  readonly deletionProtection: boolean;
}

/** The name as AWS takes it: cut to 32 characters where it is longer; null where AWS keeps such names for its own. */
export function loadBalancerName(name: string): string | null {
  return name.startsWith("internal-") ? null : shortName(name, 32);
}

/** An application load balancer with the two security groups around it. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  /** As metrics and scaling name it: `app/{name}/{id}`. */
  readonly fullName: string;
  readonly dnsName: string;
  readonly hostedZoneId: string;
  /** Who comes from this group is the load balancer. */
  readonly securityGroup: string;
  /** Carried by every task behind it; the load balancer reaches nothing else, and the group itself lets nothing in or out. */
  readonly targetSecurityGroup: string;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const target = new CfnSecurityGroup(this, "TargetSecurityGroup", {
      vpcId: props.vpcId,
      groupDescription: "What the load balancer reaches.",
      securityGroupEgress: [noEgress],
    });
    this.targetSecurityGroup = target.attrGroupId;
    const own = new CfnSecurityGroup(this, "SecurityGroup", {
      vpcId: props.vpcId,
      groupDescription: "The load balancer.",
      securityGroupIngress: ingressOf(props),
      securityGroupEgress: egressTo(this.targetSecurityGroup, props.targetPorts),
    });
    acknowledge(own, "AwsSolutions-EC23", "It is there to be reached by everybody, on 80 and 443 only.");
    this.securityGroup = own.attrGroupId;
    const loadBalancer = new CfnLoadBalancer(this, "Resource", {
      ...(props.name === null ? {} : { name: props.name }),
      type: "application",
      scheme: props.scheme,
      ipAddressType: "ipv4",
      subnets: [...props.subnets],
      securityGroups: [this.securityGroup],
      loadBalancerAttributes: attributesOf(props),
    });
    this.arn = loadBalancer.ref;
    this.fullName = loadBalancer.attrLoadBalancerFullName;
    this.dnsName = loadBalancer.attrDnsName;
    this.hostedZoneId = loadBalancer.attrCanonicalHostedZoneId;
  }
}

function ingressOf(props: LoadBalancerProps): CfnSecurityGroup.IngressProperty[] {
  const { behindCloudFront, cidr, listener, region, scheme } = props;
  const port = listener === "https" ? 443 : 80;
  const open = (from: number, cidrIp: string): CfnSecurityGroup.IngressProperty => ({
    ipProtocol: "tcp",
    fromPort: from,
    toPort: from,
    cidrIp,
    description: from === 443 ? "HTTPS" : "HTTP",
  });
  if (behindCloudFront) {
    const sourcePrefixListId = cloudFrontPrefixLists[region];
    // In a region whose list is not known the header of the distribution alone keeps others out.
    if (sourcePrefixListId === undefined) return [open(port, "0.0.0.0/0")];
    // The list counts as 55 rules of a group's 60, so there is room for one port.
    const description = "CloudFront";
    return [{ ipProtocol: "tcp", fromPort: port, toPort: port, sourcePrefixListId, description }];
  }
  const from = scheme === "internal" ? cidr : "0.0.0.0/0";
  return listener === "https" ? [open(443, from), open(80, from)] : [open(80, from)];
}

function egressTo(group: string, ports: readonly number[]): CfnSecurityGroup.EgressProperty[] {
  const distinct = [...new Set(ports)].toSorted((a, b) => a - b);
  if (distinct.length === 0) return [noEgress];
  return distinct.map((port) => ({
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    destinationSecurityGroupId: group,
    description: "Services",
  }));
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes */
function attributesOf(props: LoadBalancerProps): CfnLoadBalancer.LoadBalancerAttributeProperty[] {
  const { accessLogs } = props;
  const attributes: Readonly<Record<string, string>> = {
    "access_logs.s3.enabled": String(accessLogs !== null),
    ...(accessLogs === null
      ? {}
      : { "access_logs.s3.bucket": accessLogs.bucket, "access_logs.s3.prefix": accessLogs.prefix }),
    "deletion_protection.enabled": String(props.deletionProtection),
    "idle_timeout.timeout_seconds": String(props.idleTimeoutSeconds),
    // What is not HTTP as the RFC has it could be two requests to a program behind.
    "routing.http.desync_mitigation_mode": "strictest",
    "routing.http.drop_invalid_header_fields.enabled": "true",
  };
  return Object.entries(attributes).map(([key, value]) => ({ key, value }));
}
