// Goal: the emulator makes what it knows, and fails a stack over what it does not, instead of leaving it out.
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeSecurityGroupsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { emulatedAccount, emulator } from "./deployed-environment.ts";

async function create(resources: object) {
  const account = await emulatedAccount();
  const cloudFormation = account.client(CloudFormationClient);
  const TemplateBody = JSON.stringify({ Resources: resources });
  await cloudFormation.send(new CreateStackCommand({ StackName: "tried", TemplateBody }));
  return { account, cloudFormation };
}

describe.skipIf(emulator === null)("the emulator's resources", () => {
  test.each([
    [
      "a type that nobody knows",
      { A: { Type: "AWS::SageMaker::Device", Properties: {} } },
      /does not know the type AWS::SageMaker::Device/,
    ],
    [
      "a property that the API has no place for",
      { A: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16", Cidr: "10.1.0.0/16" } } },
      /no place for AWS::EC2::VPC.Cidr/,
    ],
    [
      "an attribute that nobody knows",
      {
        A: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
        B: {
          Type: "AWS::SSM::Parameter",
          Properties: { Type: "String", Value: { "Fn::GetAtt": ["A", "Owner"] } },
        },
      },
      /no attribute Owner of AWS::EC2::VPC/,
    ],
  ])("fail over %s", async (_, resources, reason) => {
    await expect(create(resources)).rejects.toThrow(reason);
  });

  test("are there for the API, refer to each other, and go with their stack", async () => {
    const { account, cloudFormation } = await create({
      Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.9.0.0/16" } },
      Closed: {
        Type: "AWS::EC2::SecurityGroup",
        Properties: { GroupDescription: "closed", VpcId: { Ref: "Vpc" }, SecurityGroupEgress: [] },
      },
    });
    const ec2 = account.client(EC2Client);
    const Filters = [{ Name: "description", Values: ["closed"] }];
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(SecurityGroups).toMatchObject([{ IpPermissionsEgress: [], IpPermissions: [] }]);
    await cloudFormation.send(new DeleteStackCommand({ StackName: "tried" }));
    const isGone = () =>
      cloudFormation.send(new DescribeStacksCommand({ StackName: "tried" })).then(
        () => false,
        () => true,
      );
    await expect.poll(isGone).toBe(true);
    const after = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(after.SecurityGroups).toEqual([]);
  });
});
