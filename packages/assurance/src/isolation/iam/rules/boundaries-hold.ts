import { type Finding, notApplicable, refuted, unknown } from "../../../rule.ts";
import { authorize, noPolicies } from "../evaluate/authorize.ts";
import { delegation } from "../evaluate/delegation.ts";
import { distinct, describeDeciders, type IamRule, listed } from "../iam-rule.ts";
import type { IamModel, Role } from "../model/iam-model.ts";
import { tenantHolders } from "../survey.ts";
import { anyText } from "../worst-case/free-text.ts";
import { roleContext, sessionOf } from "../worst-case/role-context.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

export const boundariesHold: IamRule = {
  id: "iam/boundaries-hold",
  why: "the permissions boundary is what still holds when a policy of a role is too wide",
  fix: "give every role of a tenant the boundary of the foundation, which takes away every change of access",
  judge: ({ model }) => {
    const roles = tenantHolders(model).flatMap((holder) => holder.roles);
    if (roles.length === 0) return [notApplicable("tenants", "no tenant has a role of its own")];
    const boundaries = new Map<string, Role>();
    const missing = roles.flatMap((role): readonly Finding[] => {
      const { boundary, key } = role;
      if (boundary.kind === "none") return [refuted(key, "it has no permissions boundary")];
      if (boundary.kind === "unknown")
        return boundary.arn.includes("⟨unknown:")
          ? [unknown(key, `its permissions boundary ${boundary.arn}`)]
          : [refuted(key, `its permissions boundary ${boundary.arn} is not one of the platform`)];
      boundaries.set(boundary.arn, role);
      return [];
    });
    const weak = [...boundaries.values()].flatMap((role) => judgeBoundary(role, model));
    return listed(distinct([...missing, ...weak]));
  },
};

/** What no boundary may let through, whatever the policies of the role say. */
function forbidden({
  account,
  platform,
  environment,
}: IamModel): readonly (readonly [action: string, resource: string])[] {
  const any = `arn:aws:iam::${account}:${anyText}`;
  const own = `arn:aws:iam::${account}:role/${platform}-${environment}-${anyText}`;
  return [
    ...[
      "PutRolePolicy",
      "AttachRolePolicy",
      "DeleteRolePermissionsBoundary",
      "PutRolePermissionsBoundary",
      "UpdateAssumeRolePolicy",
      "CreatePolicyVersion",
      "CreateRole",
      "CreateUser",
      "CreateAccessKey",
    ].flatMap((name) => [[`iam:${name}`, any] as const, [`iam:${name}`, own] as const]),
    ["sts:AssumeRole", any],
    ["iam:PassRole", `arn:aws:iam::${account}:role/access/${anyText}`],
    ["iam:PassRole", `arn:aws:iam::${account}:role/somebody-else`],
    ["organizations:LeaveOrganization", "*"],
    ["kms:PutKeyPolicy", `arn:aws:kms:us-east-1:${account}:key/${anyText}`],
    ["kms:ScheduleKeyDeletion", `arn:aws:kms:us-east-1:${account}:key/${anyText}`],
    ["cloudtrail:StopLogging", `arn:aws:cloudtrail:us-east-1:${account}:trail/${anyText}`],
    ["s3:DeleteBucket", `arn:aws:s3:::${anyText}`],
    ["s3:DeleteBucketPolicy", `arn:aws:s3:::${anyText}`],
  ];
}

function judgeBoundary(role: Role, model: IamModel): readonly Finding[] {
  const { boundary } = role;
  if (boundary.kind !== "policy") return [];
  return forbidden(model).flatMap(([action, resource]) => {
    const request = {
      principal: sessionOf(role),
      action,
      resource,
      resourceAccount: role.account,
      context: roleContext(role, null, "*"),
    };
    // The boundary stands for the policies: what it does not allow or denies, no role with it can do.
    const policies = { ...noPolicies, identity: [boundary.policy], resource: delegation(role.account) };
    const decision = authorize(request, policies, { matching: worstCaseMatching });
    return decision.outcome === "allowed"
      ? [
          refuted(
            boundary.policy.name,
            `it lets ${action} ${resource} through by ${describeDeciders(decision.by)}`,
          ),
        ]
      : [];
  });
}
