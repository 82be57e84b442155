import { z } from "zod";
import { errors } from "../errors.ts";
import { checked, part, report, without } from "./part.ts";
import { account, distinct, issuerUrl, nameOf, schedule, text, whole } from "./scalars.ts";

/** An OpenID Connect issuer whose access tokens are accepted at tenants' hosts. */
const issuerSchema = checked(
  part({
    /** The `iss` of its tokens, to the letter. */
    issuer: issuerUrl,
    /** The `aud` that its tokens for this platform have. */
    audience: text,
    /** Where its keys are. Default: by discovery at the issuer. */
    jwksUri: issuerUrl.nullable().default(null),
    /** What it signs with. Default all four. */
    algorithms: distinct(z.enum(["RS256", "PS256", "ES256", "EdDSA"]), "algorithm")
      .min(1)
      .default(["RS256", "PS256", "ES256", "EdDSA"]),
    /** The claim that holds the id of the tenant. Default "tenant_id". */
    tenantClaim: text.default("tenant_id"),
    /** The claim that says who it is, for the audit trail. Default "sub". */
    subjectClaim: text.default("sub"),
    /** The role of everybody who comes from there; null where a claim says it. Default null. */
    role: text.nullable().default(null),
    /** The claim that says the role. Default "role". */
    roleClaim: text.default("role"),
    /** What stands in that claim → the role it means here. Default none. */
    roles: z.record(text, text).default({}),
  }),
  ({ issuer, role, roles }) =>
    role === null && Object.keys(roles).length === 0 ? errors.MODEL_ISSUER_WITHOUT_ROLES({ issuer }) : null,
);

/** People, and machines that act for them. */
export const identitySchema = part({
  /** How people sign in. */
  people: part({
    /** Multi-factor authentication. Default "required". */
    mfa: z.enum(["required", "optional"]).default("required"),
    /** Sign-in through IAM Identity Center. Default none. */
    singleSignOn: without(
      part({
        /** Where people are known. Default "identity-center". */
        provider: z.enum(["identity-center", "okta", "entra-id", "google"]).default("identity-center"),
      }),
    ),
    /** Groups that may enter an environment. Default none. */
    access: distinct(text, "group").default([]),
  }).prefault({}),
  /** How the members of tenants sign in. The platform's own issuer is always there. */
  members: part({
    /** Further issuers, such as a company's own. Default none. */
    issuers: z.array(issuerSchema).max(20).default([]),
  }).prefault({}),
  /** Days after which long-lived credentials are renewed. Default 90. */
  credentialRotationDays: whole(1, 365).default(90),
  /** A role of its own for each service, with nothing that it does not need. Default "least-privilege". */
  serviceRoles: z.enum(["least-privilege"]).default("least-privilege"),
  /** How deployments get in, and what they may do. */
  deployment: part({
    /** What a deployment may do: exactly what the templates need. Default "least-privilege". */
    permissions: z.enum(["least-privilege", "administrator"]).default("least-privilege"),
    /** The GitHub repository (owner/name) that may assume the role by OIDC. Default none. */
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'owner and name, such as "acme/platform"')
      .nullable()
      .default(null),
    /** A boundary that no role made by the platform can leave. Default true. */
    permissionsBoundary: z.boolean().default(true),
  }).prefault({}),
});

/** What records and watches the account. */
export const auditSchema = part({
  /** CloudTrail. Default true. */
  cloudTrail: z.boolean().default(true),
  /** AWS Config. Default true. */
  config: z.boolean().default(true),
  /** GuardDuty. Default true. */
  guardDuty: z.boolean().default(true),
  /** Security Hub. Default false. */
  securityHub: z.boolean().default(false),
  /** Days that audit logs are kept. Default 365. */
  retentionDays: whole(1, 3653).default(365),
});

/** The baseline of the AWS Organization. */
export const organizationSchema = part({
  /** Account id of the organization's management account; null leaves it open. */
  managementAccount: account.nullable().default(null),
  /** One bill for all accounts. Default true. */
  consolidatedBilling: z.boolean().default(true),
  /** Service control policies. Default all. */
  serviceControlPolicies: distinct(
    z.enum([
      "deny-leaving-organization",
      "deny-root-user",
      "deny-disabling-audit",
      "deny-unused-regions",
      "deny-unencrypted-storage",
      "require-mfa",
    ]),
    "policy",
  ).default(["deny-leaving-organization", "deny-root-user", "deny-disabling-audit", "deny-unused-regions"]),
  /** Roles that another account may assume. Default none. */
  crossAccountRoles: z
    .record(
      nameOf("a role", 32),
      part({
        /** What the role is for. */
        purpose: text,
        /** What the role may do. */
        access: z.enum(["read-only", "security-audit", "billing", "deployment"]),
        /** Account id that may assume the role; null means the management account. */
        from: account.nullable().default(null),
      }),
    )
    .default({}),
});

const complianceFrameworks = ["gdpr", "soc-2", "ccpa", "pci-dss", "hipaa", "iso-27001", "internal"] as const;
export const complianceSchema = distinct(z.enum(complianceFrameworks), "framework");

export const encryptionSchema = part({
  /** KMS keys: our own, or those of AWS. Default "customer-managed". */
  keys: z.enum(["customer-managed", "aws-managed"]).default("customer-managed"),
  /** One key for the environment or one per store. Default "per-store". */
  scope: z.enum(["per-environment", "per-store"]).default("per-store"),
  /** Days between two automatic rotations. Default 365. */
  rotationDays: whole(90, 2560).default(365),
  /** Days that a deleted key can be brought back. Default 30. */
  deletionWindowDays: whole(7, 30).default(30),
  /** Oldest TLS between services. Default "1.3". */
  tlsMinimum: z.enum(["1.2", "1.3"]).default("1.3"),
});

/** Parameters in SSM Parameter Store under /{platform}/{environment}/. */
export const parametersSchema = z.record(z.string(), z.string().max(4096)).superRefine((value, context) => {
  for (const name of Object.keys(value)) {
    if (!/^[\w.-]+(\/[\w.-]+){0,12}$/.test(name)) {
      report(context, [name], errors.MODEL_PARAMETER_NAME({ value: name }));
    }
  }
});

export const patchingSchema = part({
  schedule,
  /** Security updates: with the schedule, or as soon as they are there. Default "immediately". */
  securityUpdates: z.enum(["immediately", "scheduled"]).default("immediately"),
  /** Longest time a critical patch may be missing, days. Default 7. */
  criticalDaysMax: whole(0, 365).default(7),
});

export const incidentsSchema = part({
  /** Minutes until an incident must be answered, by severity. */
  acknowledgeMinutes: part({
    /** Default 15. */
    critical: whole(1, 10_080).default(15),
    /** Default 60. */
    high: whole(1, 10_080).default(60),
    /** Default 480. */
    medium: whole(1, 10_080).default(480),
    /** Default 2880. */
    low: whole(1, 10_080).default(2880),
  }).prefault({}),
  /** Who is asked next when nobody answers, in order. Default none. */
  escalation: distinct(text, "step").default([]),
  /** Days within which an incident is reviewed. Default 5. */
  reviewDays: whole(1, 90).default(5),
});

export const runbookNames = [
  "deployment",
  "scaling",
  "backup-and-restore",
  "failover",
  "switch-traffic",
  "security-incident",
  "tenant-onboarding",
  "tenant-offboarding",
  "troubleshooting",
] as const;
