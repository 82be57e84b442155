import { describe, expect, test } from "vitest";
import { type EditableTemplate, editJson, editTemplate, resourceOf } from "./mutants/edit.ts";
import { check, ingress, tenantTemplate } from "./network-checks.ts";
import { shippedFiles } from "./shipped-platform.ts";

describe("what cannot be read is unknown", () => {
  const cases: readonly (readonly [string, string, (template: EditableTemplate) => void])[] = [
    [
      "a prefix list of which nobody knows what it holds",
      "cell",
      (template) =>
        ingress(template, "LoadBalancerSecurityGroup", {
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          SourcePrefixListId: "pl-0123456789abcdef0",
        }),
    ],
    [
      "the group of another stack's export",
      tenantTemplate,
      (template) =>
        ingress(template, "AppServiceSecurityGroup", {
          IpProtocol: "-1",
          SourceSecurityGroupId: { "Fn::ImportValue": "somebody" },
        }),
    ],
    [
      "rules that a macro makes",
      tenantTemplate,
      (template) => {
        resourceOf(template, "AppServiceSecurityGroup").Properties["SecurityGroupIngress"] = {
          "Fn::Transform": { Name: "rules" },
        };
      },
    ],
    [
      "ports that are no numbers",
      tenantTemplate,
      (template) =>
        ingress(template, "AppServiceSecurityGroup", {
          IpProtocol: "tcp",
          FromPort: "a",
          ToPort: "z",
          CidrIp: "10.0.0.0/8",
        }),
    ],
    [
      "subnets that no template makes",
      tenantTemplate,
      (template) => {
        const service = resourceOf(template, "AppService").Properties;
        service["NetworkConfiguration"].AwsvpcConfiguration.Subnets = ["subnet-0123456789abcdef0"];
      },
    ],
    [
      "a group that no template makes",
      tenantTemplate,
      (template) => {
        const service = resourceOf(template, "AppService").Properties;
        service["NetworkConfiguration"].AwsvpcConfiguration.SecurityGroups.push("sg-0123456789abcdef0");
      },
    ],
    [
      "a type with network interfaces that nobody knows",
      "data",
      (template) => {
        template.Resources["Search"] = {
          Type: "AWS::OpenSearchService::Domain",
          Properties: { VPCOptions: { SubnetIds: [{ Ref: "ValueNetworkSubnetsPrivate" }] } },
        };
      },
    ],
    [
      "a door of its own kind into the VPC",
      "foundation",
      (template) => {
        template.Resources["Door"] = {
          Type: "AWS::EC2::VPCEndpointService",
          Properties: { NetworkLoadBalancerArns: ["arn"] },
        };
      },
    ],
    [
      "an ACL entry without a range",
      "foundation",
      (template) => {
        delete resourceOf(template, "NetworkAclsPrivateInbound1000").Properties["CidrBlock"];
      },
    ],
    [
      "a subnet with two ACLs",
      "foundation",
      (template) => {
        template.Resources["Second"] = {
          Type: "AWS::EC2::SubnetNetworkAclAssociation",
          Properties: {
            NetworkAclId: { "Fn::GetAtt": ["NetworkAclsPublic", "Id"] },
            SubnetId: { "Fn::GetAtt": ["NetworkPrivateSubnetA", "SubnetId"] },
          },
        };
      },
    ],
  ];

  test.each(cases)("%s", async (_, template, edit) => {
    const { verdicts } = check(
      editTemplate(await shippedFiles("tenant-silos", "production"), template, edit),
    );
    expect(verdicts.filter(({ kind }) => kind === "unknown")).not.toEqual([]);
  });

  test("who is behind a transit gateway that the definition names", async () => {
    const files = await shippedFiles("tenant-silos", "production");
    const named = editJson<{ network: { transitGateway: object | null } }>(
      files,
      "platform.json",
      ({ network }) => {
        network.transitGateway = { id: "tgw-0123456789abcdef0", amazonSideAsn: 64_512 };
      },
    );
    const routed = editTemplate(named, "foundation", (template) => {
      template.Resources["Office"] = {
        Type: "AWS::EC2::Route",
        Properties: {
          RouteTableId: { "Fn::GetAtt": ["NetworkPrivateRouteTableA", "RouteTableId"] },
          DestinationCidrBlock: "192.168.0.0/16",
          TransitGatewayId: "tgw-0123456789abcdef0",
        },
      };
    });
    const { verdicts } = check(routed);
    expect(verdicts.filter(({ rule }) => rule === "network/no-ways-outside")).toMatchObject([
      { kind: "unknown" },
    ]);
  });
});
