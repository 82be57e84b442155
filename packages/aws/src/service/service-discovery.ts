import type { PlatformService } from "@tenantry/model";
import { Fn } from "aws-cdk-lib";
import type { CfnService, CfnServiceProps } from "aws-cdk-lib/aws-ecs";
import { CfnService as CfnCloudMapService } from "aws-cdk-lib/aws-servicediscovery";
import type { Construct } from "constructs";
import { awsLogs, portName } from "./task-definition.ts";

/** How a service is found by others, and finds them. */
export type Discovery =
  | {
      readonly kind: "service-connect";
      readonly namespaceArn: string;
      /** Whether it is found under its name, or only finds others. */
      readonly isFound: boolean;
    }
  | {
      readonly kind: "cloud-map";
      /** A namespace with DNS. */
      readonly namespaceArn: string;
      /** Its DNS name in the namespace, unique there; may hold tokens. */
      readonly dnsName: string;
    }
  | { readonly kind: "none" };

type Found = Pick<CfnServiceProps, "serviceConnectConfiguration" | "serviceRegistries">;

/** What the ECS service says of its discovery. */
export function discoveryOf(
  scope: Construct,
  service: Pick<PlatformService, "name" | "port">,
  discovery: Discovery,
  logGroupName: string,
): Partial<Found> {
  switch (discovery.kind) {
    case "none":
      return {};
    case "service-connect":
      return { serviceConnectConfiguration: serviceConnect(service, discovery, logGroupName) };
    case "cloud-map": {
      const registry = new CfnCloudMapService(scope, "Registry", {
        name: discovery.dnsName,
        // The last part of the ARN: arn:aws:servicediscovery:{region}:{account}:namespace/{id}.
        namespaceId: Fn.select(1, Fn.split("/", discovery.namespaceArn)),
        dnsConfig: { dnsRecords: [{ type: "A", ttl: 10 }], routingPolicy: "MULTIVALUE" },
        healthCheckCustomConfig: { failureThreshold: 1 },
      });
      return { serviceRegistries: [{ registryArn: registry.attrArn }] };
    }
  }
}

/** Others call it as `http://{service}:{port}`. */
function serviceConnect(
  { name, port }: Pick<PlatformService, "name" | "port">,
  { isFound, namespaceArn }: Extract<Discovery, { kind: "service-connect" }>,
  logGroupName: string,
): CfnService.ServiceConnectConfigurationProperty {
  return {
    enabled: true,
    namespace: namespaceArn,
    logConfiguration: awsLogs(logGroupName, "service-connect"),
    ...(isFound
      ? { services: [{ portName, discoveryName: name, clientAliases: [{ dnsName: name, port }] }] }
      : {}),
  };
}
