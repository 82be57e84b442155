import { assert } from "@tenantry/base";
import { type App, Aws } from "aws-cdk-lib";
import { PlatformStack } from "../stack/platform-stack.ts";
import { primarySite, type Site } from "../stack/site.ts";
import type { Platform } from "@tenantry/model";
import { CrossAccountRole } from "../organization/cross-account-role.ts";
import { deploymentPolicy } from "./deployment-policy.ts";
import type { DeployedTemplate, DeploymentScope } from "./deployment-resources.ts";
import { DeploymentRole } from "./deployment-role.ts";
import { PeopleGroup } from "./people-group.ts";
import { boundaryPrefix } from "./permissions-boundary.ts";

/**
 * Who may deploy, and who may come in at all: the deployment's role with exactly the permissions that `templates` need, the groups
 * of people, and the roles for other accounts.
 *
 * An administrator deploys it, before the others and whenever it changes, for a role that could change its own rights would have all of them.
 * It is made after the other stacks, from the templates of all that the deployment deploys: all but the AWS Organization's and this one.
 */
export function accessStack(
  app: App,
  platform: Platform,
  templates: readonly DeployedTemplate[],
): PlatformStack {
  const site: Site = primarySite(platform);
  const stack = new PlatformStack(app, site, "access", {
    description: `Who may deploy ${platform.name} in ${platform.environment}.`,
  });
  const { deployment } = platform.identity;
  const role = new DeploymentRole(stack, "Deployment", {
    platform: platform.name,
    environment: platform.environment,
    repository: deployment.repository,
    policy:
      deployment.permissions === "administrator" ? null : deploymentPolicy(templates, scopeOf(platform)),
  });
  stack.output("DeploymentRoleArn", role.arn, "The role that deploys.");
  addPeople(stack, deployment.repository === null ? [role.arn] : []);
  addCrossAccountRoles(stack, role);
  return stack;
}

/** With single sign-on people are known elsewhere, and the second factor is asked for there. */
function addPeople(stack: PlatformStack, roles: readonly string[]): void {
  const { environment, identity, name } = stack.site.platform;
  const { people } = identity;
  if (people.singleSignOn !== null) return;
  for (const group of people.access.length === 0 ? ["people"] : people.access) {
    new PeopleGroup(stack, `Group-${group}`, {
      name: `${name}-${environment}-${group}`,
      mfa: people.mfa,
      roles,
    });
  }
}

/** Roles in this account for people and programs of another one. */
function addCrossAccountRoles(stack: PlatformStack, deployment: DeploymentRole): void {
  const { environment, identity, name: platform, organization } = stack.site.platform;
  for (const [name, role] of Object.entries(organization?.crossAccountRoles ?? {})) {
    const from = role.from ?? organization?.managementAccount ?? null;
    assert(from !== null, `nobody is named who may assume the role ${name}`);
    new CrossAccountRole(stack, `CrossAccount-${name}`, {
      name: `${platform}-${environment}-${name}`,
      purpose: role.purpose,
      access: role.access,
      from,
      mfa: identity.people.mfa,
      deploymentPolicyArns: deployment.policyArns,
    });
  }
}

/** The regions in which an environment has stacks; CloudFront's stand in us-east-1. */
export function regionsOf(platform: Platform): readonly string[] {
  const regions = [
    platform.region,
    ...(platform.recovery === null ? [] : [platform.recovery.region]),
    ...(platform.edge.cloudFront === null ? [] : ["us-east-1"]),
  ];
  return [...new Set(regions)].sort();
}

function scopeOf(platform: Platform): DeploymentScope {
  const { environment, name } = platform;
  return {
    platform: name,
    environment,
    partition: Aws.PARTITION,
    account: Aws.ACCOUNT_ID,
    regions: regionsOf(platform),
    boundary: platform.identity.deployment.permissionsBoundary
      ? `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:policy/${boundaryPrefix(name, environment)}*`
      : null,
  };
}
