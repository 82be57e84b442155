// Goal: no role that the platform makes can leave the platform's regions, change access or end the audit, whatever its own policies say.
import { describe, expect, test } from "vitest";
import { boundaryPolicy, PermissionsBoundary } from "../../src/identity/permissions-boundary.ts";
import { policySize, policySizeMax } from "../../src/identity/split-policy.ts";
import { policyDocument } from "../../src/policy/policy-document.ts";
import { platformWith, resourcesOf, templateOf } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { isAllowed } from "./permissions.ts";

const props = {
  platform: "shop",
  environment: "production",
  region: "eu-west-1",
  regions: ["eu-west-1", "eu-central-1"],
};
const boundary = boundaryPolicy(props);
const everything = policyDocument({ Effect: "Allow", Action: "*", Resource: "*" });
/** What a role with all permissions may do within the boundary: both must allow it. */
const within = (action: string, resource = "*", region = "eu-west-1") => {
  const request = { action, resource, context: { "aws:RequestedRegion": region } };
  return isAllowed([everything], request) && isAllowed([boundary], request);
};

describe("S1.10 the boundary", () => {
  test("lets services do their work", () => {
    for (const action of [
      "s3:GetObject",
      "s3:ReplicateObject",
      "secretsmanager:GetSecretValue",
      "kms:Decrypt",
      "logs:PutLogEvents",
      "ecr:GetAuthorizationToken",
      "ecr:BatchGetImage",
      "xray:PutTraceSegments",
      "ssmmessages:CreateControlChannel",
      "rds:DescribeDBClusters",
      "backup:CopyIntoBackupVault",
    ]) {
      expect(within(action), action).toBe(true);
    }
  });

  test("keeps access, the account, the audit and other regions out of reach, even of an administrator's policy", () => {
    const iam = "arn:aws:iam::111122223333:role/shop-production-app";
    for (const action of [
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:DeleteRolePermissionsBoundary",
      "sts:AssumeRole",
    ]) {
      expect(within(action, iam), action).toBe(false);
    }
    for (const action of [
      "organizations:LeaveOrganization",
      "account:PutContactInformation",
      "cloudtrail:StopLogging",
      "config:StopConfigurationRecorder",
      "guardduty:DeleteDetector",
      "kms:ScheduleKeyDeletion",
      "s3:DeleteBucket",
      "ec2:RunInstances",
      "cloudformation:CreateStack",
    ]) {
      expect(within(action), action).toBe(false);
    }
    expect(within("s3:GetObject", "*", "eu-central-1")).toBe(true);
    expect(within("s3:GetObject", "*", "us-east-1")).toBe(false);
  });

  test("is a policy that AWS takes, with a name of its region", () => {
    expect(policySize(boundary)).toBeLessThanOrEqual(policySizeMax);
    const template = templateOf(platformWith({}), "foundation", (stack) => {
      const made = new PermissionsBoundary(stack, "PermissionsBoundary", props);
      stack.provide("identity/permissions-boundary-arn", made.arn);
    });
    const [policy] = Object.values(resourcesOf(template, "AWS::IAM::ManagedPolicy"));
    expect(policy?.Properties?.["ManagedPolicyName"]).toBe("shop-production-boundary-eu-west-1");
    expect(validateTemplate(template)).toEqual([]);
  });
});
