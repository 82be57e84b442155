// Goal: no account of the AWS Organization can leave, switch its audit off or work where it should not, and policies fit.
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import {
  serviceControlPolicies,
  type ServiceControlPolicyName,
  serviceControlPolicySizeMax,
} from "../../src/organization/service-control-policies.ts";
import { primarySite } from "../../src/stack/site.ts";
import { organizationStack } from "../../src/stacks/organization-stack.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";

function organizationOf(platform: Platform) {
  const app = new App({ analyticsReporting: false });
  const stack = organizationStack(app, primarySite(platform));
  if (stack === null) return null;
  return { stack, template: app.synth().getStackByName(stack.stackName).template as Template };
}

const all = Object.keys(serviceControlPolicies) as ServiceControlPolicyName[];

describe("saas-management", () => {
  const made = organizationOf(documentPlatform("saas-management", "production"));

  test("S1.11 the management account has the service control policies that the document's platform names", () => {
    expect(made?.stack.account).toBe("111122223333");
    const policies = Object.values(resourcesOf(made?.template as Template, "AWS::Organizations::Policy")).map(
      ({ Properties }) => [Properties?.["Name"], Properties?.["Type"]],
    );
    expect(policies).toEqual(
      [
        "deny-leaving-organization",
        "deny-root-user",
        "deny-disabling-audit",
        "deny-unused-regions",
        "require-mfa",
      ].map((name) => [`saas-platform-production-${name}`, "SERVICE_CONTROL_POLICY"]),
    );
  });

  test("S1.11 one bill for all accounts: the organization is made where there is none, and never deleted with the stack", () => {
    const [organization] = Object.values(
      resourcesOf(made?.template as Template, "AWS::Organizations::Organization"),
    );
    expect(organization).toMatchObject({
      Condition: "MakesOrganization",
      DeletionPolicy: "Retain",
      Properties: { FeatureSet: "ALL" },
    });
    expect(made?.template.Parameters?.["Organization"]?.["Default"]).toBe("existing");
  });

  test("S1.10 users of IAM can do nothing without a second factor but set one up", () => {
    const [statement] = serviceControlPolicies["require-mfa"]({ regions: [] }).Statement;
    expect(statement).toMatchObject({
      Effect: "Deny",
      Condition: {
        StringEquals: { "aws:PrincipalType": "User" },
        BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
      },
    });
    expect(statement?.NotAction).toContain("iam:EnableMFADevice");
    expect(statement?.NotAction).not.toContain("iam:DeactivateMFADevice");
  });

  test("the regions of the platform and us-east-1 are left", () => {
    const { template } = organizationOf(documentPlatform("saas-management", "staging")) ?? {};
    const policies = Object.values(resourcesOf(template as Template, "AWS::Organizations::Policy"));
    const regions = policies.find(({ Properties }) =>
      String(Properties?.["Name"]).endsWith("deny-unused-regions"),
    );
    expect(JSON.stringify(regions)).toContain('"aws:RequestedRegion":["us-east-1","us-east-2"]');
  });
});

test("every policy only denies, fits AWS's limit and passes AWS's validator", () => {
  for (const name of all) {
    const policy = serviceControlPolicies[name]({ regions: ["us-east-1", "eu-central-1", "eu-west-1"] });
    expect(JSON.stringify(policy).length, name).toBeLessThanOrEqual(serviceControlPolicySizeMax);
    expect(new Set(policy.Statement.map(({ Effect }) => Effect)), name).toEqual(new Set(["Deny"]));
  }
  const organization = { managementAccount: "111122223333", serviceControlPolicies: all };
  const made = organizationOf(platformWith({ organization }, { account: "444455556666" }));
  expect(made?.template.Parameters?.["PolicyTargets"]?.["Default"]).toBe("444455556666");
  expect(validateTemplate(made?.template as Template)).toEqual([]);
  const wrong = JSON.parse(
    JSON.stringify(made?.template).replaceAll("SERVICE_CONTROL_POLICY", "POLICY"),
  ) as Template;
  expect(validateTemplate(wrong)).not.toEqual([]);
});

test("without an organization in the definition there is no stack; without a management account it is the account of the credentials", () => {
  expect(organizationOf(platformWith({}))).toBeNull();
  const made = organizationOf(platformWith({ organization: { consolidatedBilling: false } }));
  expect(resourcesOf(made?.template as Template, "AWS::Organizations::Organization")).toEqual({});
  expect(validateTemplate(made?.template as Template)).toEqual([]);
});
