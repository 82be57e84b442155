import type { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";

/**
 * A rule out that fits no packet. A security group without any rule out is given one by AWS that lets
 * everything out, and the groups of a network interface add up.
 */
export const noEgress: CfnSecurityGroup.EgressProperty = Object.freeze({
  ipProtocol: "icmp",
  fromPort: 252,
  toPort: 86,
  cidrIp: "255.255.255.255/32",
  description: "Nothing goes out by this group.",
});
