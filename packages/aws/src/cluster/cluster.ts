import { CfnCluster } from "aws-cdk-lib/aws-ecs";
import { CfnHttpNamespace, CfnPrivateDnsNamespace } from "aws-cdk-lib/aws-servicediscovery";
import { Construct } from "constructs";

export interface ClusterProps {
  readonly name: string;
  /** CloudWatch Container Insights: metrics of every task, at the price of custom metrics. */
  readonly containerInsights: boolean;
  readonly namespace: {
    /** Name of the Cloud Map namespace. */
    readonly name: string;
    /** The VPC in which the names of services are also DNS names; null where Service Connect alone asks for them. */
    readonly dnsInVpc: string | null;
  };
}

/** An ECS cluster on Fargate, and the namespace in which its services find one another. */
export class Cluster extends Construct {
  readonly arn: string;
  readonly clusterName: string;
  readonly namespaceArn: string;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const { dnsInVpc, name } = props.namespace;
    const namespace =
      dnsInVpc === null
        ? new CfnHttpNamespace(this, "HttpNamespace", { name })
        : new CfnPrivateDnsNamespace(this, "DnsNamespace", { name, vpc: dnsInVpc });
    this.namespaceArn = namespace.attrArn;
    const cluster = new CfnCluster(this, "Resource", {
      clusterName: props.name,
      clusterSettings: [
        { name: "containerInsights", value: props.containerInsights ? "enabled" : "disabled" },
      ],
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
      // Nobody gets a shell in a task: services switch it off, and nothing here would record it.
      configuration: { executeCommandConfiguration: { logging: "NONE" } },
      serviceConnectDefaults: { namespace: this.namespaceArn },
    });
    this.arn = cluster.attrArn;
    this.clusterName = cluster.ref;
  }
}
