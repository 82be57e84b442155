import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { authorize, noPolicies } from "../evaluate/authorize.ts";
import { delegation } from "../evaluate/delegation.ts";
import { matchAction } from "../evaluate/match-action.ts";
import { describeDeciders, distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Role } from "../model/iam-model.ts";
import { tenantHolders } from "../survey.ts";
import { anyText } from "../worst-case/free-text.ts";
import { knownActions } from "../worst-case/known-actions.ts";
import { roleContext, sessionOf } from "../worst-case/role-context.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

/** Reading what roles may do changes nothing. */
const readsOnly = /:(get|list|describe)/iu;

/** What changes who may do what, or starts something that may do more. */
const changes: readonly string[] = [
  ...knownActions("iam").filter((action) => !readsOnly.test(action)),
  "iam:Anything",
  ...knownActions("sts").filter((action) => action !== "sts:GetFederationToken"),
  ...knownActions("organizations"),
  ...knownActions("cloudformation"),
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketAcl",
  "s3:PutObjectAcl",
  "s3:PutReplicationConfiguration",
  "secretsmanager:PutResourcePolicy",
  "secretsmanager:DeleteResourcePolicy",
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:DisableKey",
  "sqs:AddPermission",
  "sqs:SetQueueAttributes",
  "sns:AddPermission",
  "sns:SetTopicAttributes",
  "dynamodb:PutResourcePolicy",
  "ecr:SetRepositoryPolicy",
  "lambda:AddPermission",
  "lambda:UpdateFunctionCode",
  "backup:PutBackupVaultAccessPolicy",
  "ecs:RegisterTaskDefinition",
  "ecs:RunTask",
  "ecs:StartTask",
  "ecs:UpdateService",
  "ecs:ExecuteCommand",
  "ec2:RunInstances",
  "ec2:CreateTags",
  "ssm:SendCommand",
  "ssm:StartSession",
  "tag:TagResources",
];

export const tenantRolesChangeNoAccess: IamRule = {
  id: "iam/tenant-roles-change-no-access",
  why: "a tenant's role that changes policies, passes roles or starts tasks gives itself what it does not have",
  fix: "take the action away from the tenant's role; only the deployment changes who may do what",
  judge: ({ model }) => {
    const holders = tenantHolders(model);
    if (holders.every(({ roles }) => roles.length === 0))
      return [notApplicable("tenants", "no tenant has a role of its own")];
    const suspects = suspectActions();
    return listed(
      distinct(holders.flatMap(({ roles }) => roles.flatMap((role) => judgeRole(role, suspects(role))))),
    );
  },
};

/** The changes that some Allow of a role may be about; roles of one template name the same actions. */
function suspectActions(): (role: Role) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return ({ identity }) => {
    const clauses = identity.flatMap(({ policy }) =>
      policy.statements.filter(({ effect }) => effect === "Allow").map(({ actions }) => actions),
    );
    const key = JSON.stringify(clauses);
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = changes.filter((action) => clauses.some((clause) => matchAction(clause, action)));
    known.set(key, found);
    return found;
  };
}

/** The permissions boundary is left aside: it is the last line, and must not be the only one. */
function judgeRole(role: Role, actions: readonly string[]): readonly Finding[] {
  return actions.flatMap((action) => {
    const resource = `arn:aws:${action.split(":")[0]}:${anyText}:${anyText}:${anyText}`;
    const named =
      action.startsWith("iam:") || action.startsWith("sts:")
        ? `arn:aws:iam::${role.account}:${anyText}`
        : resource;
    const subject = action.startsWith("s3:") ? `arn:aws:s3:::${anyText}` : named;
    const request = {
      principal: sessionOf(role),
      action,
      resource: subject,
      // The question is what its own policies give, not those of what it asks for.
      resourceAccount: role.account,
      context: roleContext(role, null, "*"),
    };
    const delegated = { ...noPolicies, identity: role.identity, resource: delegation(role.account) };
    const decision = authorize(request, delegated, { matching: worstCaseMatching });
    return decision.outcome === "allowed"
      ? [refuted(role.key, `it can ${action} by ${describeDeciders(decision.by)}`)]
      : [];
  });
}
