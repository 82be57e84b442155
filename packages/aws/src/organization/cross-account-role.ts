import type { Platform } from "@tenantry/model";
import { Aws } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { accessPath } from "../identity/access-path.ts";
import { policyDocument } from "../policy/policy-document.ts";
import { acknowledge } from "../stack/acknowledge.ts";

export interface CrossAccountRoleProps {
  /** At most 64 characters; unique in the account. */
  readonly name: string;
  readonly purpose: string;
  readonly access: NonNullable<Platform["organization"]>["crossAccountRoles"][string]["access"];
  /** Account id that may assume it. */
  readonly from: string;
  /** Whether people must have given a second factor. */
  readonly mfa: "required" | "optional";
  /** What `access: "deployment"` means. */
  readonly deploymentPolicyArns: readonly string[];
}

/**
 * AWS's own policies, which AWS keeps up to date with its services. None of the three reads what is in buckets, tables or secrets.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
 */
const accessPolicies = {
  "read-only": "job-function/ViewOnlyAccess",
  "security-audit": "SecurityAudit",
  billing: "AWSBillingReadOnlyAccess",
} as const;

/**
 * A role of this account that another account's people or programs assume. Which of them is decided there, by who may call
 * sts:AssumeRole on it.
 */
export class CrossAccountRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CrossAccountRoleProps) {
    super(scope, id);
    const { access, name } = props;
    const isDeployment = access === "deployment";
    const role = new CfnRole(this, "Role", {
      roleName: name,
      path: accessPath,
      description: props.purpose,
      assumeRolePolicyDocument: policyDocument({
        Effect: "Allow",
        Principal: { AWS: `arn:${Aws.PARTITION}:iam::${props.from}:root` },
        Action: "sts:AssumeRole",
        // A pipeline has no second factor.
        ...(props.mfa === "required" && !isDeployment
          ? { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }
          : {}),
      }),
      managedPolicyArns: isDeployment
        ? [...props.deploymentPolicyArns]
        : [`arn:${Aws.PARTITION}:iam::aws:policy/${accessPolicies[access]}`],
      maxSessionDuration: isDeployment ? 4 * 3600 : 3600,
    });
    if (!isDeployment) {
      const policy = `arn:<AWS::Partition>:iam::aws:policy/${accessPolicies[access]}`;
      acknowledge(
        role,
        `AwsSolutions-IAM4[Policy::${policy}]`,
        "AWS keeps the policy of this job up to date with its services.",
      );
    }
    this.arn = role.attrArn;
  }
}
