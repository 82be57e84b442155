import { CfnSecurityGroup, CfnSecurityGroupIngress } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";

export interface StoreSecurityGroupsProps {
  readonly vpcId: string;
  /** What the store is, for people: "the database main". */
  readonly what: string;
  readonly port: number;
}

/**
 * A group for a store, and one that its clients carry: the store lets in its port from the client group and nothing
 * else, so that no rule is added when a tenant comes, and whoever does not carry the client group cannot connect.
 */
export class StoreSecurityGroups extends Construct {
  readonly storeGroup: string;
  readonly clientGroup: string;

  constructor(scope: Construct, id: string, { vpcId, what, port }: StoreSecurityGroupsProps) {
    super(scope, id);
    const store = new CfnSecurityGroup(this, "Store", {
      groupDescription: `Lets clients of ${what} in on port ${port}`,
      vpcId,
      securityGroupEgress: [nothing],
    });
    const client = new CfnSecurityGroup(this, "Client", {
      groupDescription: `Carried by clients of ${what}`,
      vpcId,
      securityGroupEgress: [
        {
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          destinationSecurityGroupId: store.attrGroupId,
          description: `To ${what}`,
        },
      ],
    });
    this.storeGroup = store.attrGroupId;
    this.clientGroup = client.attrGroupId;
    this.#letClientsIn(what, port);
  }

  /** A resource of its own, because each group names the other. */
  #letClientsIn(what: string, port: number): CfnSecurityGroupIngress {
    return new CfnSecurityGroupIngress(this, "FromClients", {
      groupId: this.storeGroup,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      sourceSecurityGroupId: this.clientGroup,
      description: `From clients of ${what}`,
    });
  }
}

/** A group without a rule out may send everything everywhere; this one address nobody has. */
const nothing: CfnSecurityGroup.EgressProperty = {
  ipProtocol: "icmp",
  fromPort: 252,
  toPort: 86,
  cidrIp: "255.255.255.255/32",
  description: "Opens no connection",
};
