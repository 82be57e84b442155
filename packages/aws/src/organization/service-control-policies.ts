import type { Platform } from "@tenantry/model";
import { type PolicyDocument, policyDocument } from "../policy/policy-document.ts";

export type ServiceControlPolicyName = NonNullable<
  Platform["organization"]
>["serviceControlPolicies"][number];

export interface ServiceControlPolicyNeeds {
  /** AWS regions in which the platform stands. */
  readonly regions: readonly string[];
}

/** Characters of a service control policy: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
export const serviceControlPolicySizeMax = 5120;

/** What each policy takes from every account that it is attached to, whatever the account's own policies allow. */
export const serviceControlPolicies: Readonly<
  Record<ServiceControlPolicyName, (needs: ServiceControlPolicyNeeds) => PolicyDocument>
> = {
  "deny-leaving-organization": () =>
    policyDocument({
      Sid: "DenyLeavingOrganization",
      Effect: "Deny",
      Action: "organizations:LeaveOrganization",
      Resource: "*",
    }),
  "deny-root-user": () =>
    policyDocument({
      Sid: "DenyRootUser",
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: { ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:root" } },
    }),
  "deny-disabling-audit": denyDisablingAudit,
  "deny-unused-regions": denyUnusedRegions,
  "deny-unencrypted-storage": denyUnencryptedStorage,
  "require-mfa": requireMfa,
};

function denyDisablingAudit(): PolicyDocument {
  return policyDocument(
    {
      Sid: "DenyEndingAudit",
      Effect: "Deny",
      Action: [
        "access-analyzer:DeleteAnalyzer",
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging",
        "config:DeleteConfigurationRecorder",
        "config:DeleteDeliveryChannel",
        "config:StopConfigurationRecorder",
        "guardduty:DeleteDetector",
        "guardduty:DisassociateFromAdministratorAccount",
        "guardduty:StopMonitoringMembers",
        "securityhub:DeleteMembers",
        "securityhub:DisableSecurityHub",
        "securityhub:DisassociateFromAdministratorAccount",
      ],
      Resource: "*",
    },
    {
      Sid: "DenyChangingAuditByHand",
      Effect: "Deny",
      Action: [
        "cloudtrail:PutEventSelectors",
        "cloudtrail:UpdateTrail",
        "config:PutConfigurationRecorder",
        "config:PutDeliveryChannel",
        "guardduty:UpdateDetector",
      ],
      Resource: "*",
      // A deployment sets them up; the keys are there only in requests that CloudFormation makes.
      Condition: { "ForAllValues:StringNotEquals": { "aws:CalledVia": "cloudformation.amazonaws.com" } },
    },
  );
}

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html */
function denyUnusedRegions({ regions }: ServiceControlPolicyNeeds): PolicyDocument {
  return policyDocument({
    Sid: "DenyUnusedRegions",
    Effect: "Deny",
    // Services without regions: their requests count as us-east-1's.
    NotAction: [
      "account:*",
      "aws-portal:*",
      "billing:*",
      "budgets:*",
      "ce:*",
      "cloudfront:*",
      "consolidatedbilling:*",
      "cur:*",
      "globalaccelerator:*",
      "health:*",
      "iam:*",
      "invoicing:*",
      "organizations:*",
      "payments:*",
      "pricing:*",
      "route53:*",
      "route53domains:*",
      "s3:GetAccountPublicAccessBlock",
      "s3:ListAllMyBuckets",
      "s3:PutAccountPublicAccessBlock",
      "savingsplans:*",
      "shield:*",
      "sts:*",
      "support:*",
      "supportplans:*",
      "tag:*",
      "tax:*",
      "trustedadvisor:*",
      "waf:*",
    ],
    Resource: "*",
    Condition: { StringNotEquals: { "aws:RequestedRegion": [...new Set(regions)].sort() } },
  });
}

function denyUnencryptedStorage(): PolicyDocument {
  return policyDocument(
    {
      Sid: "DenyUnencryptedVolumes",
      Effect: "Deny",
      Action: ["ec2:CreateVolume", "ec2:RunInstances"],
      Resource: "arn:*:ec2:*:*:volume/*",
      Condition: { Bool: { "ec2:Encrypted": "false" } },
    },
    {
      Sid: "DenyUnencryptedFileSystems",
      Effect: "Deny",
      Action: "elasticfilesystem:CreateFileSystem",
      Resource: "*",
      Condition: { Bool: { "elasticfilesystem:Encrypted": "false" } },
    },
    {
      Sid: "DenyUnencryptedClusters",
      Effect: "Deny",
      Action: "rds:CreateDBCluster",
      Resource: "*",
      Condition: { Bool: { "rds:StorageEncrypted": "false" } },
    },
    {
      Sid: "DenyUnencryptedDatabases",
      Effect: "Deny",
      Action: "rds:CreateDBInstance",
      Resource: "*",
      Condition: {
        Bool: { "rds:StorageEncrypted": "false" },
        // The storage of these is their cluster's, and the instance says nothing of it.
        StringNotLike: { "rds:DatabaseEngine": ["aurora*", "docdb", "neptune"] },
      },
    },
    {
      Sid: "DenyUnencryptedCaches",
      Effect: "Deny",
      Action: "elasticache:CreateReplicationGroup",
      Resource: "*",
      Condition: { Bool: { "elasticache:AtRestEncryptionEnabled": "false" } },
    },
  );
}

/** Users of IAM only: roles are assumed by services and pipelines too, and their trust says what it takes. */
function requireMfa(): PolicyDocument {
  return policyDocument({
    Sid: "DenyUsersWithoutSecondFactor",
    Effect: "Deny",
    NotAction: [
      "iam:ChangePassword",
      "iam:CreateVirtualMFADevice",
      "iam:EnableMFADevice",
      "iam:GetMFADevice",
      "iam:GetUser",
      "iam:ListMFADevices",
      "iam:ListVirtualMFADevices",
      "iam:ResyncMFADevice",
      "sts:GetSessionToken",
    ],
    Resource: "*",
    Condition: {
      StringEquals: { "aws:PrincipalType": "User" },
      BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
    },
  });
}
