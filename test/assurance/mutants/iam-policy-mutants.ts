import { editTemplate, resourceOf } from "./edit.ts";
import {
  silos,
  task,
  execution,
  inTenant,
  bucketOf,
  bucketStatements,
  sub,
  account,
  mutant,
  trusts,
  inPolicy,
  inBucketPolicy,
  inBoundary,
  inKeyPolicy,
  removeSid,
} from "./iam-mutant.ts";
import type { Mutant } from "./mutant.ts";

export const boundaries: readonly Mutant[] = [
  mutant("a role has no boundary", "boundaries-hold", (files) =>
    inTenant(files, (template) => void delete resourceOf(template, task).Properties["PermissionsBoundary"]),
  ),
  mutant("the boundary is one of AWS that holds nothing back", "boundaries-hold", (files) =>
    inTenant(files, (template) => {
      resourceOf(template, execution).Properties["PermissionsBoundary"] =
        "arn:aws:iam::aws:policy/AdministratorAccess";
    }),
  ),
  inBoundary("the boundary lets everything through", "boundaries-hold", (statements) => {
    statements.splice(0, statements.length, { Effect: "Allow", Action: "*", Resource: "*" });
  }),
  inBoundary("the boundary lets IAM through and forgets to deny it", "boundaries-hold", (statements) => {
    removeSid(statements, "DenyAccessChanges");
    statements.push({ Effect: "Allow", Action: "iam:*", Resource: "*" });
  }),
  inBoundary("the boundary lets any role be passed", "boundaries-hold", (statements) => {
    statements.find(({ Sid }) => Sid === "PassOwnRoles").Resource = "*";
  }),
  inBoundary("the boundary lets key policies be changed", "boundaries-hold", (statements) => {
    removeSid(statements, "DenyAccountChanges");
    statements.push({ Effect: "Allow", Action: "kms:Put*", Resource: "*" });
  }),
  inBoundary("the boundary forgets secrets", "own-access-works", (statements) =>
    removeSid(statements, "Secrets"),
  ),
  inBoundary("the boundary denies the platform's own region", "own-access-works", (statements) => {
    const regions = statements.find(({ Sid }) => Sid === "DenyOtherRegions");
    regions.Condition = { StringNotEquals: { "aws:RequestedRegion": ["eu-central-1"] } };
  }),
];

export const keys: readonly Mutant[] = [
  inPolicy(
    "the key is used for any content",
    "keys-confined",
    task,
    "kms:Decrypt",
    (statement) => delete statement.Condition.StringLike,
  ),
  inPolicy(
    "the key is used without the service",
    "keys-confined",
    task,
    "kms:Decrypt",
    (statement) => delete statement.Condition.StringEquals,
  ),
  inPolicy(
    "the service counts only if it is there",
    "keys-confined",
    execution,
    "kms:Decrypt",
    (statement) => {
      statement.Condition.StringEqualsIfExists = statement.Condition.StringEquals;
      delete statement.Condition.StringEquals;
    },
  ),
  inPolicy(
    "the content counts for all values, which may be none",
    "keys-confined",
    execution,
    "kms:Decrypt",
    (statement) => {
      statement.Condition["ForAllValues:StringLike"] = statement.Condition.StringLike;
      delete statement.Condition.StringLike;
    },
  ),
  inPolicy(
    "the content is of any tenant's bucket",
    "roles-reach-own-tenant-only",
    task,
    "kms:GenerateDataKey",
    (statement) => {
      statement.Condition.StringLike = { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::saas-platform-*" };
    },
    silos,
  ),
  inPolicy(
    "the content is of buckets that begin alike",
    "any-two-tenants-apart",
    task,
    "kms:GenerateDataKey",
    (statement) => {
      statement.Condition.StringLike = {
        "kms:EncryptionContext:aws:s3:arn": sub("arn:aws:s3:::saas-platform-{TenantId}*"),
      };
    },
    silos,
  ),
  inPolicy("the content is of any secret", "any-two-tenants-apart", execution, "kms:Decrypt", (statement) => {
    statement.Condition.StringLike = { "kms:EncryptionContext:SecretARN": "arn:aws:secretsmanager:*" };
  }),
  inKeyPolicy(
    "the key's policy admits everybody",
    "keys-confined",
    (statements) =>
      void statements.push({ Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" }),
  ),
  inKeyPolicy(
    "the key's policy admits another account",
    "keys-confined",
    (statements) =>
      void statements.push({
        Effect: "Allow",
        Principal: { AWS: "999999999999" },
        Action: "kms:*",
        Resource: "*",
      }),
  ),
  inKeyPolicy("the key's policy forgets the account", "own-access-works", (statements) => {
    statements.splice(0, 1, {
      Effect: "Allow",
      Principal: { Service: "logs.us-east-1.amazonaws.com" },
      Action: "kms:*",
      Resource: "*",
    });
  }),
];

export const resourcePolicies: readonly Mutant[] = [
  mutant("the bucket has no policy", "buckets-deny-other-tenants", (files) =>
    inTenant(files, (template) => void delete template.Resources[bucketOf(template)[1]]),
  ),
  inBucketPolicy("the bucket's policy forgets objects", "buckets-deny-other-tenants", (statements) =>
    removeSid(statements, "DenyObjectsToOthers"),
  ),
  inBucketPolicy("the bucket's policy forgets lists", "buckets-deny-other-tenants", (statements) =>
    removeSid(statements, "DenyListToOthers"),
  ),
  inBucketPolicy(
    "the bucket's policy denies what the caller says it is",
    "buckets-deny-other-tenants",
    (statements) => {
      statements.find(({ Sid }) => Sid === "DenyObjectsToOthers").Condition.StringEquals = {
        "aws:UserAgent": "curl",
      };
    },
  ),
  inBucketPolicy("the bucket's policy denies deletion only", "buckets-deny-other-tenants", (statements) => {
    statements.find(({ Sid }) => Sid === "DenyObjectsToOthers").Action = "s3:Delete*";
  }),
  inBucketPolicy(
    "the bucket's policy denies one other tenant",
    "buckets-deny-other-tenants",
    (statements) => {
      const statement = statements.find(({ Sid }) => Sid === "DenyObjectsToOthers");
      statement.Condition = { StringEquals: { "aws:PrincipalTag/tenant_id": "globex-inc" } };
    },
  ),
  inBucketPolicy(
    "the bucket's policy denies a folder",
    "buckets-deny-other-tenants",
    (statements, template) => {
      const [bucket] = bucketOf(template);
      statements.find(({ Sid }) => Sid === "DenyObjectsToOthers").Resource = sub(
        `arn:aws:s3:::{${bucket}}/private/*`,
      );
    },
  ),
  mutant(
    "the bucket's policy looks at another tag",
    "own-access-works",
    (files) =>
      inTenant(files, (template) => {
        const condition = bucketStatements(template).find(({ Sid }) => Sid === "DenyObjectsToOthers")
          .Condition.StringNotEquals;
        condition["aws:PrincipalTag/tenantid"] = condition["aws:PrincipalTag/tenant_id"];
        delete condition["aws:PrincipalTag/tenant_id"];
      }),
    silos,
  ),
  inBucketPolicy(
    "the bucket's policy lets everybody read",
    "resource-policies-admit-own-tenant-only",
    (statements, template) => {
      removeSid(statements, "DenyObjectsToOthers");
      statements.push({
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: sub(`arn:aws:s3:::{${bucketOf(template)[0]}}/*`),
      });
    },
  ),
  inBucketPolicy(
    "the bucket's policy admits another account",
    "resource-policies-admit-own-tenant-only",
    (statements, template) =>
      void statements.push({
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::999999999999:root" },
        Action: "s3:*",
        Resource: sub(`arn:aws:s3:::{${bucketOf(template)[0]}}/*`),
      }),
  ),
  inBucketPolicy(
    "whoever brings the tag is admitted, of any account",
    "resource-policies-admit-own-tenant-only",
    (statements, template) =>
      void statements.push({
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: sub(`arn:aws:s3:::{${bucketOf(template)[0]}}/*`),
        Condition: { StringEquals: { "aws:PrincipalTag/tenant_id": { Ref: "TenantId" } } },
      }),
  ),
  inBucketPolicy(
    "everybody but one account is admitted",
    "resource-policies-admit-own-tenant-only",
    (statements, template) =>
      void statements.push({
        Effect: "Allow",
        NotPrincipal: { AWS: "999999999999" },
        Action: "s3:ListBucketMultipartUploads",
        Resource: sub(`arn:aws:s3:::{${bucketOf(template)[0]}}`),
      }),
  ),
  inBucketPolicy(
    "a service is admitted for any account",
    "resource-policies-admit-own-tenant-only",
    (statements, template) =>
      void statements.push({
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: sub(`arn:aws:s3:::{${bucketOf(template)[0]}}/*`),
      }),
  ),
  mutant(
    "the secret has a policy that admits everybody",
    "resource-policies-admit-own-tenant-only",
    (files) =>
      inTenant(files, (template) => {
        template.Resources["SecretPolicy"] = {
          Type: "AWS::SecretsManager::ResourcePolicy",
          Properties: {
            SecretId: { Ref: "MainUserSecret" },
            ResourcePolicy: {
              Version: "2012-10-17",
              Statement: [
                { Effect: "Allow", Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" },
              ],
            },
          },
        };
      }),
  ),
  mutant(
    "the topic's policy admits everybody",
    "resource-policies-admit-own-tenant-only",
    (files) =>
      editTemplate(files, "operations", (template) => {
        const { Statement: statements } = resourceOf(template, "NotificationsCriticalPolicy").Properties[
          "PolicyDocument"
        ];
        statements.push({ Effect: "Allow", Principal: "*", Action: "sns:Subscribe", Resource: "*" });
      }),
    [
      ["tenant-silos", "production"],
      ["saas-management", "production"],
    ],
  ),
];

export const written: readonly Mutant[] = [
  inPolicy(
    "a misspelt effect",
    "policies-parse",
    task,
    "secretsmanager:GetSecretValue",
    (statement) => (statement.Effect = "Alow"),
  ),
  trusts("a misspelt effect in a trust policy", (statement) => (statement.Effect = "Alow")),
  inPolicy("a misspelt operator", "policies-parse", task, "kms:Decrypt", (statement) => {
    statement.Condition = { StringEqual: statement.Condition.StringEquals };
  }),
  inPolicy("a misspelt element", "policies-parse", task, "kms:Decrypt", (statement) => {
    statement.Conditions = statement.Condition;
    delete statement.Condition;
  }),
  inPolicy(
    "a name where an ARN should be",
    "policies-parse",
    task,
    "secretsmanager:GetSecretValue",
    (statement) => {
      statement.Resource = sub("rds/tenant/{TenantId}/password");
    },
  ),
  inPolicy(
    "a principal in a policy of a role",
    "policies-parse",
    task,
    "secretsmanager:GetSecretValue",
    (statement) => (statement.Principal = "*"),
  ),
  inPolicy("an address for a number", "policies-parse", task, "kms:Decrypt", (statement) => {
    statement.Condition.IpAddress = { "aws:SourceIp": "10.0.0.0/33" };
  }),
  mutant("a version that there is not", "policies-parse", (files) =>
    inTenant(files, (template) => {
      resourceOf(template, task).Properties["Policies"][0].PolicyDocument.Version = "2012-10-18";
    }),
  ),
  inPolicy(
    "the role reads another secret than its task needs",
    "own-access-works",
    execution,
    "secretsmanager:GetSecretValue",
    (statement) => {
      statement.Resource = sub(`arn:aws:secretsmanager:us-east-1:${account}:secret:elsewhere-??????`);
    },
  ),
  inPolicy(
    "the role cannot write the log of its task",
    "own-access-works",
    execution,
    "logs:PutLogEvents",
    (statement) => {
      statement.Resource = sub(`arn:aws:logs:us-east-1:${account}:log-group:elsewhere:*`);
    },
  ),
];
