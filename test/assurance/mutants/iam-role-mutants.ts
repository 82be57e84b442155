import { editJson, resourceOf } from "./edit.ts";
import {
  type Loose,
  silos,
  task,
  execution,
  inTenant,
  statementsOf,
  bucketStatements,
  sub,
  account,
  mutant,
  gives,
  trusts,
  removeSid,
  bucketPattern,
} from "./iam-mutant.ts";
import type { Mutant } from "./mutant.ts";

export const wideReach: readonly Mutant[] = [
  gives("objects of every bucket", "roles-name-own-resources", {
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::*",
  }),
  gives("objects of every bucket of the platform", "roles-name-own-resources", {
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: ["arn:aws:s3:::saas-platform-*-data-*/*", "arn:aws:s3:::starter-production-files-*/*"],
  }),
  gives("a wildcard behind the tenant's id, without a delimiter", "roles-name-own-resources", {
    Action: "s3:GetObject",
    Resource: bucketPattern("{TenantId}*"),
  }),
  gives("a question mark for the delimiter", "roles-name-own-resources", {
    Action: "s3:GetObject",
    Resource: bucketPattern("{TenantId}?*"),
  }),
  mutant(
    "every bucket, and its policy forgets objects",
    "roles-reach-own-tenant-only",
    (files) =>
      inTenant(files, (template) => {
        statementsOf(template, task).push({ Effect: "Allow", Action: "s3:Get*", Resource: "*" });
        removeSid(bucketStatements(template), "DenyObjectsToOthers");
      }),
    silos,
  ),
  gives("everything but the tenant's own bucket", "roles-name-own-resources", {
    Action: "s3:GetObject",
    NotResource: ["arn:aws:s3:::some-other-bucket/*"],
  }),
  gives("secrets whose names begin with the tenant's id", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: [
      sub(`arn:aws:secretsmanager:us-east-1:${account}:secret:rds/tenant/{TenantId}*`),
      sub(`arn:aws:secretsmanager:us-east-1:${account}:secret:starter/production/main/tenant/{TenantId}*`),
    ],
  }),
  gives("secrets whose names begin with the tenant's id and a hyphen", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: [
      sub(`arn:aws:secretsmanager:*:${account}:secret:rds/tenant/{TenantId}-*`),
      sub(`arn:aws:secretsmanager:*:${account}:secret:starter/production/main/tenant/{TenantId}-*`),
    ],
  }),
  gives("secrets whose names hold the tenant's id", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: sub(`arn:aws:secretsmanager:us-east-1:${account}:secret:*{TenantId}*`),
  }),
  gives("secrets by the tag of the role, without a delimiter", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: [
      "arn:aws:secretsmanager:*:*:secret:rds/tenant/${aws:PrincipalTag/tenant_id}*",
      "arn:aws:secretsmanager:*:*:secret:starter/production/main/tenant/${aws:PrincipalTag/tenant_id}*",
    ],
  }),
  gives(
    "the secrets of all tenants",
    "roles-reach-own-tenant-only",
    {
      Action: "secretsmanager:GetSecretValue",
      Resource: "arn:aws:secretsmanager:*:*:secret:rds/tenant/*",
    },
    silos,
  ),
  gives("the secrets of the whole account", "secrets-read-by-owner-only", {
    Action: "secretsmanager:*Value",
    Resource: "*",
  }),
  gives(
    "the secret of one other tenant, written out",
    "roles-reach-own-tenant-only",
    {
      Action: "secretsmanager:GetSecretValue",
      Resource: "arn:aws:secretsmanager:us-east-1:*:secret:rds/tenant/globex-inc/*",
    },
    silos,
  ),
  gives(
    "another tenant's secret by the default of a variable",
    "roles-reach-own-tenant-only",
    {
      Action: "secretsmanager:GetSecretValue",
      Resource:
        "arn:aws:secretsmanager:us-east-1:*:secret:rds/tenant/${aws:PrincipalTag/missing, 'globex-inc'}/*",
    },
    silos,
  ),
  gives(
    "the administrator's secret of the database",
    "secrets-read-by-owner-only",
    {
      Action: "secretsmanager:GetSecretValue",
      Resource: "arn:aws:secretsmanager:us-east-1:*:secret:saas-platform/*/main/master-*",
    },
    silos,
  ),
  gives(
    "the log groups of all tenants",
    "roles-reach-own-tenant-only",
    {
      Action: "logs:GetLogEvents",
      Resource: "arn:aws:logs:*:*:log-group:/ecs/tenant/*",
    },
    silos,
  ),
  gives(
    "log groups whose names begin with the tenant's id",
    "any-two-tenants-apart",
    {
      Action: ["logs:FilterLogEvents", "logs:GetLogEvents"],
      Resource: sub(`arn:aws:logs:us-east-1:${account}:log-group:/ecs/tenant/{TenantId}*`),
    },
    silos,
  ),
  gives(
    "queries over every log",
    "roles-reach-own-tenant-only",
    { Action: "logs:StartQuery", Resource: "*" },
    silos,
  ),
  gives(
    "any user of the database by IAM",
    "roles-reach-own-tenant-only",
    {
      Action: "rds-db:connect",
      Resource: "arn:aws:rds-db:*:*:dbuser:*/*",
    },
    silos,
  ),
  gives(
    "users of the database that begin with the tenant's",
    "any-two-tenants-apart",
    {
      Action: "rds-db:connect",
      Resource: sub(`arn:aws:rds-db:us-east-1:${account}:dbuser:*/tenant_{TenantUsername}*`),
    },
    silos,
  ),
  gives(
    "the tasks of the whole cluster",
    "roles-reach-own-tenant-only",
    {
      Action: "ecs:StopTask",
      Resource: sub(`arn:aws:ecs:us-east-1:${account}:task/*`),
    },
    silos,
  ),
  gives("the rules of the load balancer", "any-two-tenants-apart", {
    Action: "elasticloadbalancing:ModifyTargetGroup",
    Resource: "*",
  }),
  gives("what is named for nobody's account in particular", "any-two-tenants-apart", {
    Action: "logs:Get*",
    Resource: "arn:aws:logs",
  }),
];

export const attributes: readonly Mutant[] = [
  gives(
    "what has some tenant's tag",
    "roles-reach-own-tenant-only",
    {
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
      Condition: { Null: { "aws:ResourceTag/tenant_id": "false" } },
    },
    silos,
  ),
  gives(
    "what has any value in the tenant's tag",
    "roles-reach-own-tenant-only",
    {
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
      Condition: { StringLike: { "aws:ResourceTag/tenant_id": "*" } },
    },
    silos,
  ),
  gives("what has a tag that begins with the tenant's", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { StringLike: { "aws:ResourceTag/tenant_id": "${aws:PrincipalTag/tenant_id}*" } },
  }),
  gives("the tag of the request instead of the resource's", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { StringEquals: { "aws:RequestTag/tenant_id": "${aws:PrincipalTag/tenant_id}" } },
  }),
  gives("a tag that resources do not have, IfExists", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { StringEqualsIfExists: { "aws:ResourceTag/TenantName": "${aws:PrincipalTag/tenant_id}" } },
  }),
  gives("keys of the request for all values, which may be none", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["tenant_id"] } },
  }),
  gives("the negation of the tag", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { StringNotEquals: { "aws:ResourceTag/tenant_id": "${aws:PrincipalTag/tenant_id}" } },
  }),
  gives("from the platform's network only", "any-two-tenants-apart", {
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceVpc": sub("{ValueNetworkVpcId}") } },
  }),
  mutant("every role is tagged as one tenant", "tags-name-their-tenant", (files) =>
    inTenant(files, (template) => {
      const tags = resourceOf(template, task).Properties["Tags"] as Loose[];
      tags.find(({ Key }) => Key === "tenant_id").Value = "acme-corp";
    }),
  ),
  mutant(
    "a role loses the tag of its tenant",
    "own-access-works",
    (files) =>
      inTenant(files, (template) => {
        const role = resourceOf(template, task).Properties;
        role["Tags"] = (role["Tags"] as Loose[]).filter(({ Key }) => Key !== "tenant_id");
      }),
    silos,
  ),
  mutant("a role has the tag of the platform's services", "buckets-deny-other-tenants", (files) =>
    inTenant(
      files,
      (template) =>
        void (resourceOf(template, task).Properties["Tags"] as Loose[]).push({
          Key: "platform_access",
          Value: "tenant-data",
        }),
    ),
  ),
  mutant(
    "the placement gives a stack another tenant's id",
    "tags-name-their-tenant",
    (files) =>
      editJson<Loose>(files, "placement.json", ({ tenants }) => {
        tenants["acme-corp"].stacks[0].parameters.TenantId = "globex-inc";
      }),
    silos,
  ),
];

export const access: readonly Mutant[] = [
  gives("passes roles of the platform", "tenant-roles-change-no-access", {
    Action: "iam:PassRole",
    Resource: sub(`arn:aws:iam::${account}:role/saas-platform-*`),
  }),
  gives("passes roles to one service", "tenant-roles-change-no-access", {
    Action: "iam:Pass*",
    Resource: "*",
    Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  }),
  gives("changes policies, and only the boundary is in the way", "tenant-roles-change-no-access", {
    Action: "iam:PutRolePolicy",
    Resource: "*",
  }),
  gives("takes other roles", "tenant-roles-change-no-access", { Action: "sts:AssumeRole", Resource: "*" }),
  gives("does everything but IAM", "tenant-roles-change-no-access", {
    NotAction: "iam:*",
    Action: undefined as never,
    Resource: "*",
  }),
  gives("changes the policy of its bucket", "tenant-roles-change-no-access", {
    Action: "s3:PutBucket*",
    Resource: "*",
  }),
  gives("gives grants on keys", "tenant-roles-change-no-access", {
    Action: "kms:CreateGrant",
    Resource: "*",
  }),
  gives("opens shells in tasks", "tenant-roles-change-no-access", {
    Action: "ecs:ExecuteCommand",
    Resource: "*",
  }),
  gives("registers and runs tasks", "tenant-roles-change-no-access", { Action: ["ecs:R*"], Resource: "*" }),
  mutant("a managed policy beside the role opens everything", "tenant-roles-change-no-access", (files) =>
    inTenant(files, (template) => {
      template.Resources["Extra"] = {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: {
          Roles: [{ Ref: task }],
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
          },
        },
      };
    }),
  ),
  gives("reads the audit's records", "roles-reach-no-shared-data", { Action: "s3:GetObject", Resource: "*" }),
  gives("sets parameters of the platform", "roles-reach-no-shared-data", {
    Action: "ssm:PutParameter",
    Resource: "arn:aws:ssm:*:*:parameter/*",
  }),
];

export const trust: readonly Mutant[] = [
  trusts("anybody may take the role", (statement) => (statement.Principal = "*")),
  trusts("anybody of AWS may take the role", (statement) => (statement.Principal = { AWS: "*" }), execution),
  trusts("another account may take the role", (statement) => {
    statement.Principal = { AWS: "arn:aws:iam::999999999999:root" };
    delete statement.Condition;
  }),
  trusts("everybody of the account may take the role", (statement) => {
    statement.Principal = { AWS: sub(`arn:aws:iam::${account}:root`) };
    delete statement.Condition;
  }),
  trusts("the service may take the role for any account", (statement) => delete statement.Condition),
  trusts("the account of the source counts only if it is there", (statement) => {
    statement.Condition = { StringEqualsIfExists: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };
  }),
  trusts("the account of the source may be any", (statement) => {
    statement.Condition = { StringLike: { "aws:SourceAccount": "*" } };
  }),
  trusts("the source may be of any account", (statement) => {
    statement.Condition = { ArnLike: { "aws:SourceArn": "arn:aws:ecs:*:*:*" } };
  }),
  trusts(
    "whoever takes the role may bring tags",
    (statement) => (statement.Action = ["sts:AssumeRole", "sts:TagSession"]),
  ),
  trusts(
    "another service may take the role",
    (statement) => (statement.Principal = { Service: "lambda.amazonaws.com" }),
  ),
  trusts("everybody but one may take the role", (statement) => {
    delete statement.Principal;
    statement.NotPrincipal = { AWS: "arn:aws:iam::999999999999:root" };
  }),
];
