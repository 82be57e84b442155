import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { isFlag, listAt, requireFlag, requireProperty, textAt, textsAt, valueAt } from "../read-value.ts";

const notPublic = (resource: Resource, ...path: readonly string[]): readonly Finding[] => {
  const value = valueAt(resource.properties, ...path);
  return value === undefined ? [] : requireFlag(resource, path, false, "it has an address in the internet");
};

/** An instance in a subnet group gets no public address unless this says so, but for the default VPC. */
const judges: Readonly<Record<string, (resource: Resource) => readonly Finding[]>> = {
  "AWS::RDS::DBInstance": (resource) => notPublic(resource, "PubliclyAccessible"),
  "AWS::RDS::DBCluster": (resource) => notPublic(resource, "PubliclyAccessible"),
  "AWS::Redshift::Cluster": (resource) => notPublic(resource, "PubliclyAccessible"),
  "AWS::DMS::ReplicationInstance": (resource) =>
    requireFlag(resource, ["PubliclyAccessible"], false, "it has an address in the internet"),
  "AWS::AmazonMQ::Broker": (resource) => notPublic(resource, "PubliclyAccessible"),
  "AWS::ECS::Service": (resource) =>
    requireProperty(
      resource,
      ["NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"],
      (value) => value === undefined || value === "DISABLED",
      "each task has an address in the internet",
    ),
  "AWS::EKS::Cluster": (resource) =>
    isFlag(valueAt(resource.properties, "ResourcesVpcConfig", "EndpointPublicAccess"), false) ||
    closedRanges(resource)
      ? []
      : [refuted(resource.key, "its API answers the whole internet")],
  "AWS::Lambda::Url": (resource) =>
    textAt(resource.properties, "AuthType") === "AWS_IAM"
      ? []
      : [refuted(resource.key, "the URL of the function answers everybody")],
  "AWS::OpenSearchService::Domain": (resource) =>
    listAt(resource.properties, "VPCOptions", "SubnetIds").length > 0
      ? []
      : [refuted(resource.key, "it stands in no VPC and answers the whole internet")],
};

function closedRanges({ properties }: Resource): boolean {
  const ranges = textsAt(properties, "ResourcesVpcConfig", "PublicAccessCidrs");
  return ranges.length > 0 && !ranges.includes("0.0.0.0/0");
}

export const storesNotPublic = postureRule({
  name: "stores-not-public",
  why: "What has an address in the internet is attacked from there, with nothing but a security group and a password between.",
  fix: "Keep it in private subnets without a public address.",
  things: "databases, brokers or services",
  find: ({ ofType }) => ofType(...Object.keys(judges)),
  judge: (resource) => judges[resource.type]?.(resource) ?? [],
});
