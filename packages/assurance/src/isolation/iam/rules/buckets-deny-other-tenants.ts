import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { authorize, noPolicies } from "../evaluate/authorize.ts";
import type { Matching } from "../evaluate/matching.ts";
import { distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Role, Target } from "../model/iam-model.ts";
import { anyText } from "../worst-case/free-text.ts";
import { roleContext, sessionOf } from "../worst-case/role-context.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

export const bucketsDenyOtherTenants: IamRule = {
  id: "iam/buckets-deny-other-tenants",
  why: "the policy of a tenant's bucket is what still holds when a role of another tenant may do too much",
  fix: "deny in the bucket's policy whoever has not the tag of its tenant, without conditions that the caller chooses",
  judge: ({ model, matchingOfAny }) => {
    const roles = model.tenants.flatMap((holder) => holder.roles);
    const findings = model.tenants.flatMap(({ targets, tenant }) => {
      const other = roles.find((role) => role.tenant !== tenant);
      return other === undefined
        ? []
        : targets.filter(isBucket).flatMap((bucket) => judgeBucket(bucket, other, worstCaseMatching));
    });
    const any = model.anyTenants.flatMap(({ b }) =>
      model.anyTenants.flatMap(({ a }) =>
        a.roles.flatMap((role) =>
          b.targets.filter(isBucket).flatMap((bucket) => judgeBucket(bucket, role, matchingOfAny)),
        ),
      ),
    );
    const buckets = [...model.tenants, ...model.anyTenants.map(({ b }) => b)].flatMap(({ targets }) =>
      targets.filter(isBucket),
    );
    if (buckets.length === 0) return [notApplicable("buckets", "no tenant has a bucket of its own")];
    return listed(distinct([...findings, ...any]));
  },
};

const isBucket = ({ type }: Target): boolean => type === "AWS::S3::Bucket";

const ofObjects = [
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectAcl",
];
const ofBucket = ["s3:ListBucket", "s3:ListBucketVersions"];

/** With policies of its own that allow everything, and no boundary, the role must still be denied. */
function judgeBucket(bucket: Target, role: Role, matching: Matching): readonly Finding[] {
  const asked = [
    ...ofObjects.map((action) => [action, `${bucket.arn}/${anyText}`] as const),
    ...ofBucket.map((action) => [action, bucket.arn] as const),
  ];
  const open = asked.filter(([action, resource]) => {
    const request = {
      principal: sessionOf(role),
      action,
      resource,
      resourceAccount: role.account,
      context: roleContext(role, bucket, resource),
    };
    return (
      authorize(request, { ...noPolicies, resource: bucket.policy }, { matching }).outcome !==
      "explicitly-denied"
    );
  });
  if (open.length === 0) return [];
  const actions = open.map(([action]) => action).join(", ");
  const policy = bucket.policy === null ? "it has no policy" : `no statement of ${bucket.policy.name}`;
  return [refuted(bucket.key, `${policy} denies ${role.key} ${actions}`)];
}
