import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { flatten } from "../../src/policy/acknowledge-wildcards.ts";
import { assumedBy, policyDocument } from "../../src/policy/policy-document.ts";
import { primarySite, recoverySite, type Site } from "../../src/stack/site.ts";
import { TenantStack } from "../../src/stack/tenant-stack.ts";
import { dataStack, type replicasStack } from "../../src/stacks/data-stack.ts";
import type { StoreAccess } from "../../src/stacks/store-access.ts";
import { tenantStores } from "../../src/stacks/tenant-stores.ts";
import type { Template, TemplateResource } from "../test-stack.ts";

export function siteOf(platform: Platform, role: Site["role"] = "primary"): Site {
  const site = role === "primary" ? primarySite(platform) : recoverySite(platform);
  if (site === null) throw new Error("the platform has no recovery region");
  return site;
}

/** The template of shared stores, or of copied buckets. */
export function dataTemplate(
  platform: Platform,
  role: Site["role"] = "primary",
  make: typeof dataStack | typeof replicasStack = dataStack,
): Template {
  const app = new App({ analyticsReporting: false });
  const stack = make(app, siteOf(platform, role));
  if (stack === null) throw new Error("there is nothing in the stack");
  return app.synth().getStackArtifact(stack.artifactId).template as Template;
}

/** The stores of a tier's template, with a role and a security group that use all that they give. */
export function tenantTemplate(
  platform: Platform,
  tier: string,
  role: Site["role"] = "primary",
): { readonly template: Template; readonly access: Readonly<Record<string, StoreAccess>> } {
  const app = new App({ analyticsReporting: false });
  const found = platform.tiers[tier];
  if (found === undefined) throw new Error(`no tier ${tier}`);
  const stack = new TenantStack(app, siteOf(platform, role), found);
  const access = tenantStores(stack);
  for (const [name, store] of Object.entries(access)) use(stack, name, store);
  const resolved = stack.resolve(access) as typeof access;
  return { template: app.synth().getStackArtifact(stack.artifactId).template as Template, access: resolved };
}

/** Puts everything that an access says into resources, so that a validator sees it. */
export function use(stack: TenantStack, name: string, store: StoreAccess): void {
  const statements = [...store.statements, ...store.executionStatements];
  if (statements.length > 0) {
    void new CfnRole(stack, `Use-${name}`, {
      assumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com"),
      policies: [{ policyName: "stores", policyDocument: policyDocument(...statements) }],
    });
  }
  for (const [key, value] of Object.entries({ ...store.environment, ...store.secrets }))
    stack.output(`Use-${key}`.replaceAll(/[^A-Za-z0-9]/g, ""), value, "Used.");
  for (const [index, group] of store.securityGroups.entries())
    void new CfnSecurityGroup(stack, `Use-${name}-group-${index}`, {
      groupDescription: "Uses a client group.",
      vpcId: stack.need("network/vpc-id"),
      securityGroupEgress: [
        {
          ipProtocol: "tcp",
          fromPort: 1,
          toPort: 1,
          destinationSecurityGroupId: group,
          description: "A use.",
        },
      ],
    });
}

/** The only resource of a type. */
export function onlyOf(template: Template, type: string): TemplateResource {
  const all = Object.values(template.Resources).filter(({ Type }) => Type === type);
  const [only] = all;
  if (only === undefined || all.length !== 1) throw new Error(`${all.length} resources of ${type}`);
  return only;
}

export function propertiesOf(template: Template, id: string): Readonly<Record<string, unknown>> {
  const properties = template.Resources[id]?.Properties;
  if (properties === undefined) throw new Error(`no resource ${id}`);
  return properties;
}

/** A value as people read it, with `<Name>` for what CloudFormation fills in. */
export const written = flatten;
