// Goal: AWS's rules for solutions hold for the edge, for access and for the organization, or it is said why not.
import type { Platform } from "@tenantry/model";
import { App, Validations } from "aws-cdk-lib";
import { CfnManagedPolicy } from "aws-cdk-lib/aws-iam";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { accessStack } from "../../src/identity/access-stack.ts";
import { PermissionsBoundary } from "../../src/identity/permissions-boundary.ts";
import type { PlatformStack } from "../../src/stack/platform-stack.ts";
import { primarySite } from "../../src/stack/site.ts";
import { edgeStacks } from "../../src/stacks/edge-stack.ts";
import { organizationStack } from "../../src/stacks/organization-stack.ts";
import { computeTemplates } from "../compute/compute-templates.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith } from "../test-stack.ts";

/** What the checks say of the stacks of a platform; `change` may spoil them. */
function findingsOf(platform: Platform, change: (stack: PlatformStack) => void = () => undefined): string {
  const app = new App({ analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  edgeStacks(app, platform);
  organizationStack(app, primarySite(platform));
  const access = accessStack(app, platform, Object.values(computeTemplates(platform)));
  new PermissionsBoundary(access, "Boundary", {
    platform: platform.name,
    environment: platform.environment,
    region: platform.region,
    regions: [platform.region],
  });
  change(access);
  try {
    app.synth();
    return "";
  } catch (error) {
    return String(error);
  }
}

test("the reference platforms, and one with every setting, have no findings", () => {
  const service = { kind: "service", port: 80, image: "example/app:1", route: "/" };
  const open = platformWith(
    {
      services: { app: service },
      identity: { deployment: { permissions: "administrator" }, people: { mfa: "optional" } },
      organization: {
        crossAccountRoles: { money: { purpose: "Bills", access: "billing", from: "444455556666" } },
      },
      edge: { cloudFront: { customDomains: true }, waf: {}, dns: { healthCheck: {} } },
    },
    { region: "eu-west-1", recovery: { region: "us-west-2", strategy: "active-active" } },
  );
  for (const platform of [
    documentPlatform("saas-management", "production"),
    documentPlatform("saas-management", "staging"),
    documentPlatform("tenant-silos", "production"),
    open,
  ]) {
    expect(findingsOf(platform), platform.name).toBe("");
  }
});

test("a policy that allows everything is found", () => {
  const found = findingsOf(documentPlatform("saas-management", "staging"), (stack) => {
    new CfnManagedPolicy(stack, "Wide", {
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      },
    });
  });
  expect(found).toContain("AwsSolutions-IAM5");
});
