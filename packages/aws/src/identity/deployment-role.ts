import { assert } from "@tenantry/base";
import { Aws, CfnCondition, CfnDeletionPolicy, CfnParameter, Fn } from "aws-cdk-lib";
import { CfnManagedPolicy, CfnOIDCProvider, CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type PolicyDocument, policyDocument } from "../policy/policy-document.ts";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { accessPath } from "./access-path.ts";
import { splitPolicy } from "./split-policy.ts";

export interface DeploymentRoleProps {
  readonly platform: string;
  readonly environment: string;
  /** The GitHub repository (owner/name) whose workflows deploy; null lets the account's own people do it. */
  readonly repository: string | null;
  /** What a deployment may do: `deploymentPolicy` of the platform's templates; null gives it everything. */
  readonly policy: PolicyDocument | null;
}

const gitHubIssuer = "token.actions.githubusercontent.com";
/** Managed policies of a role, unless the quota is raised: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const policiesMax = 10;
/** A stack with databases and a distribution takes longer than the hour that is AWS's default. */
const sessionSeconds = 4 * 3600;

/** Name of the role that deploys an environment: IAM's names are the account's, so the environment is in it. */
function deploymentRoleName(platform: string, environment: string): string {
  return `${platform}-${environment}-deployment`;
}

/**
 * The role that deploys an environment: assumed by the workflows of one repository in GitHub's environment of the same
 * name, so that GitHub's rules for it (who approves, which branches) hold here too; or by the account's own people with a second factor.
 *
 * GitHub's OIDC provider is a thing that an account has once. Synthesis cannot look whether it is there, so the stack makes
 * it unless the parameter GitHubProvider says "existing", and the role names it by its ARN, which follows from its URL. It stays when
 * the stack goes or the parameter changes, because the other environments of the account use it too.
 */
export class DeploymentRole extends Construct {
  readonly arn: string;
  /** ARNs of the policies that say what a deployment may do. */
  readonly policyArns: readonly string[];

  constructor(scope: Construct, id: string, props: DeploymentRoleProps) {
    super(scope, id);
    const { platform, environment, policy, repository } = props;
    const roleName = deploymentRoleName(platform, environment);
    const policies = policy === null ? [] : splitPolicy(policy);
    assert(policies.length <= policiesMax, `${roleName} would need ${policies.length} managed policies`);
    const managed = policies.map(
      (document, index) =>
        new CfnManagedPolicy(this, `Policy${index + 1}`, {
          managedPolicyName: `${roleName}-${index + 1}`,
          path: accessPath,
          description: `Part ${index + 1} of ${policies.length} of what a deployment may do.`,
          policyDocument: document,
        }),
    );
    for (const [index, one] of managed.entries()) {
      acknowledgeWildcards(
        one,
        (policies[index]?.Statement ?? []).filter(({ Effect }) => Effect === "Allow"),
        "Actions without a resource level stand on *, and names of things that do not exist yet end in *; both only through CloudFormation.",
      );
    }
    this.policyArns =
      policy === null
        ? [`arn:${Aws.PARTITION}:iam::aws:policy/AdministratorAccess`]
        : managed.map((one) => one.ref);
    // IAM takes a trust in a provider that is yet to come, so the two need no order, which a condition could not have.
    if (repository !== null) this.#gitHubProvider();
    const role = new CfnRole(this, "Role", {
      roleName,
      path: accessPath,
      description: `Deploys ${platform} in ${environment}.`,
      assumeRolePolicyDocument:
        repository === null ? trustOwnPeople() : trustRepository(repository, environment),
      managedPolicyArns: [...this.policyArns],
      maxSessionDuration: sessionSeconds,
    });
    if (policy === null) {
      acknowledge(
        role,
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AdministratorAccess]",
        'The environment says identity.deployment.permissions: "administrator".',
      );
    }
    this.arn = role.attrArn;
  }

  #gitHubProvider(): void {
    const known = new CfnParameter(this, "GitHubProvider", {
      type: "String",
      allowedValues: ["new", "existing"],
      default: "new",
      description: 'Whether the account has an OIDC provider for GitHub already: "existing" makes none.',
    });
    const isNew = new CfnCondition(this, "MakesGitHubProvider", {
      expression: Fn.conditionEquals(known.valueAsString, "new"),
    });
    const provider = new CfnOIDCProvider(this, "Provider", {
      url: `https://${gitHubIssuer}`,
      clientIdList: ["sts.amazonaws.com"],
    });
    provider.cfnOptions.condition = isNew;
    provider.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
    provider.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  }
}

/** https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims */
function trustRepository(repository: string, environment: string): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: {
      Federated: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${gitHubIssuer}`,
    },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${gitHubIssuer}:aud`]: "sts.amazonaws.com",
        [`${gitHubIssuer}:sub`]: `repo:${repository}:environment:${environment}`,
      },
    },
  });
}

/** Whoever in the account may call sts:AssumeRole on it, with a second factor given in the last hour. */
function trustOwnPeople(): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
    Action: "sts:AssumeRole",
    Condition: {
      Bool: { "aws:MultiFactorAuthPresent": "true" },
      NumericLessThan: { "aws:MultiFactorAuthAge": "3600" },
    },
  });
}
