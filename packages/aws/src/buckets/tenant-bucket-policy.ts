import type { Statement } from "../policy/policy-document.ts";

/** The tag of a role that is the tenant's; every role in a tenant's stack has it, because the stack puts it on. */
const tenantTag = "tenant_id";

/**
 * The tag of a role of the platform that may reach objects of every tenant: backups, exports, the emptying of
 * a bucket that goes. What such a role may do, its own policy says.
 */
export const tenantDataTag = Object.freeze({ key: "platform_access", value: "tenant-data" });

/**
 * Refuses the objects of a tenant's bucket to everybody but roles with the tenant's tag, and roles of the platform
 * with theirs, whatever their own policies allow. Only what is in the bucket: who may change or delete the bucket
 * itself and its policy is left to IAM, so that no mistake here locks out a deployment. A role without the tag is
 * refused too, because StringNotEquals holds where the key is missing. Services of AWS that act for themselves
 * carry no tags, and can do nothing here without a statement that allows it.
 */
export function onlyForTenant(bucketArn: string, tenantId: string): readonly Statement[] {
  const Condition = {
    StringNotEquals: {
      [`aws:PrincipalTag/${tenantTag}`]: tenantId,
      [`aws:PrincipalTag/${tenantDataTag.key}`]: tenantDataTag.value,
    },
    Bool: { "aws:PrincipalIsAWSService": "false" },
  };
  return [
    {
      Sid: "DenyObjectsToOthers",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: `${bucketArn}/*`,
      Condition,
    },
    {
      Sid: "DenyListToOthers",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"],
      Resource: bucketArn,
      Condition,
    },
  ];
}
