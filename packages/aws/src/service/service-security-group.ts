import type { PlatformService } from "@tenantry/model";
import { CfnSecurityGroup, CfnSecurityGroupIngress } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { errors } from "../errors.ts";
import { s3PrefixLists } from "./gateway-prefix-lists.ts";

export interface ServiceSecurityGroupProps {
  readonly service: Pick<PlatformService, "name" | "port" | "egress">;
  readonly vpcId: string;
  /** The range of the VPC. */
  readonly cidr: string;
  /** AWS region. */
  readonly region: string;
  /** The load balancer's group; null for a service without a route. */
  readonly loadBalancerGroup: string | null;
}

/**
 * The security group of one service: in comes what the load balancer sends to its port, and what callers send that `allow` names.
 * Tasks of the same service do not reach one another.
 */
export class ServiceSecurityGroup extends Construct {
  readonly groupId: string;
  readonly #port: number;

  constructor(scope: Construct, id: string, props: ServiceSecurityGroupProps) {
    super(scope, id);
    const { cidr, loadBalancerGroup, region, service, vpcId } = props;
    this.#port = service.port;
    const group = new CfnSecurityGroup(this, "Resource", {
      vpcId,
      groupDescription: `The tasks of ${service.name}.`,
      securityGroupEgress: egressOf(service, cidr, region),
    });
    this.groupId = group.attrGroupId;
    if (loadBalancerGroup !== null) this.#rule("FromLoadBalancer", loadBalancerGroup, "The load balancer");
  }

  /** Lets the tasks that carry a group open connections to the port. */
  allow(caller: string, group: string): void {
    this.#rule(`From-${caller}`, group, `The service ${caller}`);
  }

  // A resource of its own for each rule: groups that name one another in their own rules could not be made.
  #rule(id: string, sourceSecurityGroupId: string, description: string): void {
    new CfnSecurityGroupIngress(this, id, {
      groupId: this.groupId,
      ipProtocol: "tcp",
      fromPort: this.#port,
      toPort: this.#port,
      sourceSecurityGroupId,
      description,
    });
  }
}

function egressOf(
  { egress, name }: Pick<PlatformService, "egress" | "name">,
  cidr: string,
  region: string,
): CfnSecurityGroup.EgressProperty[] {
  if (egress === "all") return [{ ipProtocol: "-1", cidrIp: "0.0.0.0/0", description: "Everywhere" }];
  const prefixList = s3PrefixLists[region];
  if (prefixList === undefined) {
    throw errors.AWS_PREFIX_LIST({ service: name, region, known: Object.keys(s3PrefixLists) });
  }
  return [
    { ipProtocol: "-1", cidrIp: cidr, description: "The VPC with its endpoints" },
    {
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      destinationPrefixListId: prefixList,
      description: "S3, from which the layers of images come",
    },
  ];
}
