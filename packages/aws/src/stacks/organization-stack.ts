import { assert } from "@tenantry/base";
import { type App, CfnCondition, CfnDeletionPolicy, CfnParameter, Fn } from "aws-cdk-lib";
import { CfnOrganization, CfnPolicy } from "aws-cdk-lib/aws-organizations";
import { regionsOf } from "../identity/access-stack.ts";
import {
  serviceControlPolicies,
  serviceControlPolicySizeMax,
} from "../organization/service-control-policies.ts";
import { PlatformStack } from "../stack/platform-stack.ts";
import type { Site } from "../stack/site.ts";

/**
 * The baseline of the AWS Organization, for its management account, which is another one than the platform's: service control
 * policies, and the organization itself where there is none yet. Null where the definition says nothing of it.
 *
 * Roles that other accounts assume stand in the platform's own account: `accessStack`.
 */
export function organizationStack(app: App, site: Site): PlatformStack | null {
  const { platform } = site;
  const { organization } = platform;
  if (organization === null) return null;
  const account = organization.managementAccount;
  const stack = new PlatformStack(app, { ...site, platform: { ...platform, account } }, "organization", {
    description: `What no account of ${platform.name} in ${platform.environment} may do.`,
    // AWS Organizations has one endpoint.
    region: "us-east-1",
  });
  if (organization.consolidatedBilling) addOrganization(stack);
  const targets = addTargets(stack, platform.account);
  for (const name of organization.serviceControlPolicies) {
    const content = serviceControlPolicies[name]({
      regions: [...new Set([...regionsOf(platform), "us-east-1"])],
    });
    assert(JSON.stringify(content).length <= serviceControlPolicySizeMax, `the policy ${name} is too long`);
    new CfnPolicy(stack, `Policy-${name}`, {
      name: `${platform.name}-${platform.environment}-${name}`,
      description: `Of ${platform.name} in ${platform.environment}.`,
      type: "SERVICE_CONTROL_POLICY",
      content,
      ...(targets === null ? {} : { targetIds: targets }),
    });
  }
  return stack;
}

/**
 * An AWS Organization with one bill for all accounts. There is one in an account or none, which synthesis cannot see: the parameter
 * Organization says "new" where the stack is to make it. It stays when the stack goes.
 */
function addOrganization(stack: PlatformStack): void {
  const known = new CfnParameter(stack, "Organization", {
    type: "String",
    allowedValues: ["existing", "new"],
    default: "existing",
    description: "Whether the account manages an AWS Organization already.",
  });
  const organization = new CfnOrganization(stack, "OwnOrganization", {
    // All features: consolidated billing alone has no service control policies.
    featureSet: "ALL",
  });
  organization.cfnOptions.condition = new CfnCondition(stack, "MakesOrganization", {
    expression: Fn.conditionEquals(known.valueAsString, "new"),
  });
  organization.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  organization.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}

/**
 * What the policies are attached to: the environment's account, unless somebody says which root, units or accounts. Null where the account
 * is not known: then the policies bind nobody until they are attached. They never bind the management account.
 */
function addTargets(stack: PlatformStack, account: string | null): string[] | null {
  if (account === null) return null;
  return new CfnParameter(stack, "PolicyTargets", {
    type: "CommaDelimitedList",
    default: account,
    description: "Ids of the root, the organizational units or the accounts that the policies bind.",
  }).valueAsList;
}
