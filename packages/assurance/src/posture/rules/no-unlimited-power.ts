import { notApplicable, refuted } from "../../rule.ts";
import { placeOf, type PolicyStatement } from "../policy-statements.ts";
import { postureRule } from "../posture-rule.ts";
import { textsAt } from "../read-value.ts";

/** Whoever may do these everywhere can give themselves the rest. */
const unlimited = /^(\*|\*:\*|iam:\*|sts:\*|kms:\*|secretsmanager:\*|s3:\*|organizations:\*)$/i;

/** What holds policies of principals; those of resources are limited by the resource they stand on. */
const identityTypes = new Set([
  "AWS::IAM::Role",
  "AWS::IAM::RolePolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::User",
  "AWS::IAM::UserPolicy",
  "AWS::IAM::Group",
  "AWS::IAM::GroupPolicy",
  "AWS::SSO::PermissionSet",
]);

const administrators = /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

export const noUnlimitedPower = postureRule({
  name: "no-unlimited-power",
  why: "A role that may do everything everywhere makes every other policy worthless once its credentials are out.",
  fix: "Name the actions that it needs, and the resources; leave deployments to the role with the permissions boundary.",
  things: "policies of roles",
  find: ({ resources }) => resources.filter(({ type }) => identityTypes.has(type)),
  judge: (resource, { statementsOf, definition }) => {
    const asked = definition.identity.deployment.permissions === "administrator";
    const wide = statementsOf(resource)
      .filter((statement) => isUnlimited(statement))
      .map((statement) => placeOf(statement));
    const managed = textsAt(resource.properties, "ManagedPolicyArns").filter((arn) =>
      administrators.test(arn),
    );
    return [...wide, ...managed].map((what) =>
      asked && resource.stack.area === "access"
        ? notApplicable(
            resource.key,
            `${what}: the definition says identity.deployment.permissions: "administrator"`,
          )
        : refuted(resource.key, `${what} allows everything on all resources`),
    );
  },
});

function isUnlimited({ fields }: PolicyStatement): boolean {
  if (fields["Effect"] !== "Allow") return false;
  const everywhere = textsAt(fields["Resource"]).includes("*") || fields["NotResource"] !== undefined;
  return (
    everywhere &&
    (fields["NotAction"] !== undefined || textsAt(fields["Action"]).some((action) => unlimited.test(action)))
  );
}
