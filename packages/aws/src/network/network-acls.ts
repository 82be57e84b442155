import type { PlatformNetwork, SubnetGroup } from "@tenantry/model";
import { CfnNetworkAcl, CfnNetworkAclEntry, CfnSubnetNetworkAclAssociation } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { acknowledge } from "../stack/acknowledge.ts";
import { pascal } from "../stack/platform-stack.ts";
import { type AclRule, aclRules } from "./acl-rules.ts";
import type { NetworkFlow } from "./network-flow.ts";
import { tagName } from "./tag-name.ts";

export interface NetworkAclsProps {
  /** Begins the `Name` tag of each ACL. */
  readonly name: string;
  readonly vpcId: string;
  readonly network: Pick<PlatformNetwork, "cidr" | "subnets" | "natGateways">;
  /** The ids of each group's subnets, by the suffix of their zone. */
  readonly subnetIds: Readonly<Partial<Record<SubnetGroup, Readonly<Record<string, string>>>>>;
  /** What is let through; everything else is dropped. */
  readonly flows: readonly NetworkFlow[];
}

/**
 * A network ACL for each subnet group. AWS takes 20 rules in each direction, and 40 on request
 * (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html), so rules stand for joined ranges.
 */
export class NetworkAcls extends Construct {
  constructor(scope: Construct, id: string, props: NetworkAclsProps) {
    super(scope, id);
    for (const [group, subnetIds] of Object.entries(props.subnetIds)) {
      const acl = new CfnNetworkAcl(this, pascal(group), { vpcId: props.vpcId });
      tagName(acl, `${props.name}-${group}`);
      acknowledge(acl, "AwsSolutions-VPC3", whyAcls);
      const entries = aclRules(group as SubnetGroup, props.flows, props.network).map((rule) => {
        // An entry is known by its number, so that a changed rule is changed in its place.
        const id = `${pascal(group)}-${pascal(rule.direction)}${rule.number}`;
        const entry = new CfnNetworkAclEntry(this, id, { networkAclId: acl.attrId, ...entryOf(rule) });
        acknowledge(entry, "AwsSolutions-VPC3", whyAcls);
        return entry;
      });
      for (const [zone, subnetId] of Object.entries(subnetIds)) {
        const association = new CfnSubnetNetworkAclAssociation(this, `${pascal(group)}-Subnet${zone}`, {
          networkAclId: acl.attrId,
          subnetId,
        });
        // A subnet that lives already must not meet an ACL that still lets nothing through.
        for (const entry of entries) association.addResourceDependency(entry);
      }
    }
  }
}

const whyAcls =
  "The rules are computed from the flows that are named, and stand before security groups, not in their place.";

/** https://www.iana.org/assignments/protocol-numbers */
const protocolNumbers = { all: -1, "fragmentation-needed": 1, tcp: 6, udp: 17 } as const;

function entryOf({ direction, number, action, cidr, what }: AclRule) {
  return {
    egress: direction === "outbound",
    ruleNumber: number,
    ruleAction: action,
    cidrBlock: cidr,
    protocol: protocolNumbers[what.protocol],
    ...(what.protocol === "tcp" || what.protocol === "udp"
      ? { portRange: { from: what.from, to: what.to } }
      : {}),
    // "Destination unreachable: fragmentation needed and DF set".
    ...(what.protocol === "fragmentation-needed" ? { icmp: { type: 3, code: 4 } } : {}),
  };
}
