import { Aws } from "aws-cdk-lib";
import { CfnGroup, CfnManagedPolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";
import { type PolicyDocument, policyDocument, type Statement } from "../policy/policy-document.ts";
import { accessPath } from "./access-path.ts";

export interface PeopleGroupProps {
  /** Name of the group; unique in the account. */
  readonly name: string;
  /** Whether its members can do nothing without a second factor. */
  readonly mfa: "required" | "optional";
  /** ARNs of roles that its members may assume. */
  readonly roles: readonly string[];
}

/**
 * An IAM group of people. Who signs in without a second factor can set one up, and nothing else, whatever other policies say.
 * It has no users: an administrator puts people into it.
 */
export class PeopleGroup extends Construct {
  constructor(scope: Construct, id: string, props: PeopleGroupProps) {
    super(scope, id);
    const policy = new CfnManagedPolicy(this, "Policy", {
      managedPolicyName: `${props.name}-access`,
      path: accessPath,
      description: `What the people of ${props.name} may do, and what not without a second factor.`,
      policyDocument: peoplePolicy(props),
    });
    acknowledgeWildcards(
      policy,
      peoplePolicy(props).Statement.filter(({ Effect }) => Effect === "Allow"),
      "Lists of devices have no resource level.",
    );
    new CfnGroup(this, "Group", {
      groupName: props.name,
      path: accessPath,
      managedPolicyArns: [policy.ref],
    });
  }
}

/** What somebody does to get a second factor. */
const secondFactor = [
  "iam:CreateVirtualMFADevice",
  "iam:EnableMFADevice",
  "iam:GetMFADevice",
  "iam:ListMFADevices",
  "iam:ResyncMFADevice",
] as const;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html */
function peoplePolicy({ mfa, roles }: PeopleGroupProps): PolicyDocument {
  const self = (kind: string) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:${kind}/\${aws:username}`;
  const statements: Statement[] = [
    {
      Sid: "OwnSecondFactor",
      Effect: "Allow",
      Action: secondFactor,
      Resource: [self("user"), self("mfa")],
    },
    {
      Sid: "OwnPassword",
      Effect: "Allow",
      Action: ["iam:ChangePassword", "iam:GetUser"],
      Resource: self("user"),
    },
    {
      Sid: "Lists",
      Effect: "Allow",
      Action: ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"],
      Resource: "*",
    },
  ];
  if (roles.length > 0) {
    statements.push({ Sid: "Roles", Effect: "Allow", Action: "sts:AssumeRole", Resource: roles });
  }
  if (mfa === "required") {
    statements.push({
      Sid: "DenyWithoutSecondFactor",
      Effect: "Deny",
      NotAction: [...secondFactor, "iam:GetUser", "iam:ListVirtualMFADevices", "sts:GetSessionToken"],
      Resource: "*",
      // Access keys have no such field in their requests, and are refused as well.
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    });
  }
  return policyDocument(...statements);
}
