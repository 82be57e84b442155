// Goal: stacks meet through Parameter Store only, can be read, and carry every tag.
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { expect, test } from "vitest";
import { platformWith, resourcesOf, templateOf, tenantTemplateOf } from "./test-stack.ts";
import { validateTemplate } from "./validate-template.ts";

const platform = platformWith({
  tags: { Team: "platform", Author: "{author}", Repository: "{repository}" },
  tiers: { silo: {} },
});

test("a stack hands values over as parameters, and needs them as parameters", () => {
  const template = templateOf(platform, "data", (stack) => {
    stack.provide("stores/main/port", stack.need("network/vpc-id"));
    stack.provideList("network/subnets/private", stack.needList("network/subnets/public"));
    stack.provide("edge/distribution-id", stack.need("network/vpc-id"));
    stack.provide("edge/certificate-arn", stack.need("edge/certificate-arn", "us-west-2"));
  });
  expect(template).toMatchInlineSnapshot(`
    {
      "Description": "Under test.",
      "Parameters": {
        "DeploymentAuthor": {
          "Default": "unknown",
          "Type": "String",
        },
        "DeploymentRepository": {
          "Default": "unknown",
          "Type": "String",
        },
        "ValueEdgeCertificateArnInUsWest2": {
          "Description": "The value edge/certificate-arn of another stack in us-west-2.",
          "Type": "String",
        },
        "ValueNetworkSubnetsPublic": {
          "Default": "/test-platform/production/network/subnets/public",
          "Description": "The values network/subnets/public of another stack.",
          "Type": "AWS::SSM::Parameter::Value<List<String>>",
        },
        "ValueNetworkVpcId": {
          "Default": "/test-platform/production/network/vpc-id",
          "Description": "The value network/vpc-id of another stack.",
          "Type": "AWS::SSM::Parameter::Value<String>",
        },
      },
      "Resources": {
        "ProvideEdgeCertificateArn": {
          "Properties": {
            "Name": "/test-platform/production/edge/certificate-arn",
            "Tags": {
              "Author": {
                "Ref": "DeploymentAuthor",
              },
              "Environment": "production",
              "Repository": {
                "Ref": "DeploymentRepository",
              },
              "Team": "platform",
            },
            "Type": "String",
            "Value": {
              "Ref": "ValueEdgeCertificateArnInUsWest2",
            },
          },
          "Type": "AWS::SSM::Parameter",
        },
        "ProvideEdgeDistributionId": {
          "Properties": {
            "Name": "/test-platform/production/edge/distribution-id",
            "Tags": {
              "Author": {
                "Ref": "DeploymentAuthor",
              },
              "Environment": "production",
              "Repository": {
                "Ref": "DeploymentRepository",
              },
              "Team": "platform",
            },
            "Type": "String",
            "Value": {
              "Ref": "ValueNetworkVpcId",
            },
          },
          "Type": "AWS::SSM::Parameter",
        },
        "ProvideNetworkSubnetsPrivate": {
          "Properties": {
            "Name": "/test-platform/production/network/subnets/private",
            "Tags": {
              "Author": {
                "Ref": "DeploymentAuthor",
              },
              "Environment": "production",
              "Repository": {
                "Ref": "DeploymentRepository",
              },
              "Team": "platform",
            },
            "Type": "StringList",
            "Value": {
              "Fn::Join": [
                ",",
                {
                  "Ref": "ValueNetworkSubnetsPublic",
                },
              ],
            },
          },
          "Type": "AWS::SSM::Parameter",
        },
        "ProvideStoresMainPort": {
          "Properties": {
            "Name": "/test-platform/production/stores/main/port",
            "Tags": {
              "Author": {
                "Ref": "DeploymentAuthor",
              },
              "Environment": "production",
              "Repository": {
                "Ref": "DeploymentRepository",
              },
              "Team": "platform",
            },
            "Type": "String",
            "Value": {
              "Ref": "ValueNetworkVpcId",
            },
          },
          "Type": "AWS::SSM::Parameter",
        },
      },
    }
  `);
  expect(validateTemplate(template)).toEqual([]);
});

test("every resource that can carry tags has those of the platform; what a deployment knows is a parameter", () => {
  const template = templateOf(platform, "foundation", (stack) => {
    new CfnLogGroup(stack, "Log", { logGroupName: "/a" });
  });
  expect(resourcesOf(template, "AWS::Logs::LogGroup")["Log"]?.Properties?.["Tags"]).toEqual([
    { Key: "Author", Value: { Ref: "DeploymentAuthor" } },
    { Key: "Environment", Value: "production" },
    { Key: "Repository", Value: { Ref: "DeploymentRepository" } },
    { Key: "Team", Value: "platform" },
  ]);
});

test("a tenant's template has nothing of a tenant in it but parameters", () => {
  const template = tenantTemplateOf(platform, "silo", (stack) => {
    new CfnLogGroup(stack, "Log", { logGroupName: stack.fill("/ecs/{tenant}/log") });
    stack.output("Listener", stack.needOfCell("listener-arn"), "Where the rule goes.");
    stack.output("Place", String(stack.priority("app", 0, 1)), "Its place.");
  });
  expect(Object.keys(template.Parameters ?? {}).sort()).toEqual([
    "CellListenerArn",
    "CostCenter",
    "DeploymentAuthor",
    "DeploymentRepository",
    "PriorityApp",
    "TenantId",
  ]);
  expect(resourcesOf(template, "AWS::Logs::LogGroup")["Log"]?.Properties?.["LogGroupName"]).toEqual({
    "Fn::Join": ["", ["/ecs/", { Ref: "TenantId" }, "/log"]],
  });
  expect(validateTemplate(template)).toEqual([]);
});
