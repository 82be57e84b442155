import type { PlatformNetwork } from "@tenantry/model";
import { Stack } from "aws-cdk-lib";
import { CfnSecurityGroup, CfnVPCEndpoint } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { noEgress } from "../load-balancer/no-egress.ts";
import { endpointPolicy } from "./endpoint-policy.ts";
import { gatewayServices } from "./network-flow.ts";
import { tagName } from "./tag-name.ts";

export interface VpcEndpointsProps {
  /** Begins the `Name` tag of each endpoint. */
  readonly name: string;
  readonly vpcId: string;
  readonly network: Pick<PlatformNetwork, "cidr" | "endpoints" | "dnsSupport" | "dnsHostnames">;
  /** Subnets that get an address of each interface endpoint: one per zone. */
  readonly subnetIds: readonly string[];
  /** Route tables in which gateway endpoints stand. */
  readonly routeTableIds: readonly string[];
}

/** Ways to services of AWS that do not leave the VPC. */
export class VpcEndpoints extends Construct {
  /** The group of the interface endpoints, which takes 443 from the VPC; null where there is none. */
  readonly securityGroupId: string | null;

  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { network } = props;
    const isGateway = (service: string) => gatewayServices.includes(service);
    this.securityGroupId = network.endpoints.every(isGateway) ? null : this.#securityGroup(props).attrGroupId;
    for (const service of network.endpoints) {
      const { account, partition, region } = Stack.of(this);
      const endpoint = new CfnVPCEndpoint(this, service, {
        vpcId: props.vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        policyDocument: endpointPolicy(service, { account, partition, region }),
        ...(this.securityGroupId === null || isGateway(service)
          ? { vpcEndpointType: "Gateway", routeTableIds: [...props.routeTableIds] }
          : {
              vpcEndpointType: "Interface",
              subnetIds: [...props.subnetIds],
              securityGroupIds: [this.securityGroupId],
              // AWS refuses private names in a VPC that has no DNS of its own.
              privateDnsEnabled: network.dnsSupport && network.dnsHostnames,
            }),
      });
      tagName(endpoint, `${props.name}-${service}`);
    }
  }

  #securityGroup({ name, vpcId, network }: VpcEndpointsProps): CfnSecurityGroup {
    const group = new CfnSecurityGroup(this, "SecurityGroup", {
      vpcId,
      groupDescription: "Interface endpoints: HTTPS from the VPC.",
      securityGroupIngress: [
        {
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIp: network.cidr,
          description: "HTTPS from the VPC",
        },
      ],
      securityGroupEgress: [noEgress],
    });
    tagName(group, `${name}-endpoints`);
    return group;
  }
}
