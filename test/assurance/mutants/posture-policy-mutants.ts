import { resourceOf, resourcesOfType } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  broken,
  containerOf,
  development,
  firstOf,
  management,
  ownStatements,
  silos,
  staging,
  starter,
} from "./posture-broken.ts";

export const policiesMutants: readonly Mutant[] = [
  broken("an effect is misspelt", "policy-effects-exact", [silos, development], "tenant-silo", (template) => {
    firstOf(template, "AWS::IAM::Role").Properties["AssumeRolePolicyDocument"].Statement[0].Effect = "Alow";
  }),
  broken(
    "the Deny of plain HTTP is written in lower case",
    "policy-effects-exact",
    [starter],
    "data",
    (template) => {
      for (const statement of firstOf(template, "AWS::S3::BucketPolicy").Properties["PolicyDocument"]
        .Statement)
        if (statement.Effect === "Deny") statement.Effect = "deny";
    },
  ),
  broken(
    "an action has a space instead of a colon",
    "policy-effects-exact",
    [management],
    "services",
    (template) => {
      firstOf(template, "AWS::IAM::Role").Properties["AssumeRolePolicyDocument"].Statement[0].Action =
        "sts AssumeRole";
    },
  ),
  broken("an operator of a condition is misspelt", "policy-conditions-exact", [silos], "data", (template) => {
    const statement = resourceOf(template, "MainMonitoringRole").Properties["AssumeRolePolicyDocument"]
      .Statement[0];
    statement.Condition = { StringEqual: statement.Condition.StringEquals };
  }),
  broken(
    "a global condition key is misspelt",
    "policy-conditions-exact",
    [silos, management],
    "data",
    (template) => {
      const statement = resourceOf(template, "MainMonitoringRole").Properties["AssumeRolePolicyDocument"]
        .Statement[0];
      statement.Condition = { StringEqualsIfExists: { "aws:SourceAcount": { Ref: "AWS::AccountId" } } };
    },
  ),
  broken(
    "an Allow rests on ForAllValues without a guard",
    "allow-guards-absent-keys",
    [silos, starter],
    "tenant-silo",
    (template) => {
      ownStatements(template).push({
        Sid: "OwnRows",
        Effect: "Allow",
        Action: "dynamodb:Scan",
        Resource: { "Fn::Sub": "arn:aws:dynamodb:us-east-1:${AWS::AccountId}:table/rows" },
        Condition: {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"] },
        },
      });
    },
  ),
  broken(
    "a topic lets everybody publish",
    "no-wildcard-principals",
    [silos, management],
    "operations",
    (template) => {
      firstOf(template, "AWS::SNS::TopicPolicy").Properties["PolicyDocument"].Statement.push({
        Effect: "Allow",
        Principal: { AWS: ["*"] },
        Action: "sns:Publish",
        Resource: "*",
      });
    },
  ),
  broken(
    "a bucket lets everybody read behind a condition that everybody meets",
    "no-wildcard-principals",
    [silos],
    "tenant-silo",
    (template) => {
      firstOf(template, "AWS::S3::BucketPolicy").Properties["PolicyDocument"].Statement.push({
        Sid: "Readers",
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: { "Fn::Join": ["", [{ "Fn::GetAtt": ["Data", "Arn"] }, "/*"]] },
        Condition: { StringLike: { "aws:PrincipalArn": "*" } },
      });
    },
  ),
  broken(
    "an endpoint lets everybody reach everything",
    "no-wildcard-principals",
    [silos, management, starter],
    "foundation",
    (template) => {
      const endpoint = firstOf(template, "AWS::EC2::VPCEndpoint");
      endpoint.Properties["PolicyDocument"] = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
      };
    },
  ),
  broken(
    "a key may be used by whoever is not named",
    "no-wildcard-principals",
    [starter],
    "foundation",
    (template) => {
      firstOf(template, "AWS::KMS::Key").Properties["KeyPolicy"].Statement.push({
        Effect: "Allow",
        NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "kms:Decrypt",
        Resource: "*",
      });
    },
  ),
  broken(
    "a role of a service may do everything",
    "no-unlimited-power",
    [management, staging],
    "services",
    (template) => {
      ownStatements(template).push({
        Effect: "Allow",
        NotAction: ["organizations:*"],
        Resource: "*",
      });
    },
  ),
  broken(
    "a role has the managed policy of administrators",
    "no-unlimited-power",
    [silos],
    "tenant-silo",
    (template) => {
      firstOf(template, "AWS::IAM::Role").Properties["ManagedPolicyArns"] = [
        "arn:aws:iam::aws:policy/AdministratorAccess",
      ];
    },
  ),
  broken("a user with an access key is shipped", "no-long-lived-keys", [silos], "access", (template) => {
    template.Resources["Robot"] = { Type: "AWS::IAM::User", Properties: {} };
    template.Resources["RobotKey"] = {
      Type: "AWS::IAM::AccessKey",
      Properties: { UserName: { Ref: "Robot" } },
    };
  }),
];

export const foreignPrincipalMutants: readonly Mutant[] = [
  broken(
    "a role of that name of any account may read",
    "no-wildcard-principals",
    [starter],
    "tenant-silo",
    (template) => {
      firstOf(template, "AWS::S3::BucketPolicy").Properties["PolicyDocument"].Statement.push({
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "s3:GetObject",
        Resource: { "Fn::Join": ["", [{ "Fn::GetAtt": ["Files", "Arn"] }, "/*"]] },
        Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/reader" } },
      });
    },
  ),
];

export const secretsMutants: readonly Mutant[] = [
  broken(
    "a variable gets its password when the stack is deployed",
    "no-plaintext-secrets",
    [silos],
    "tenant-silo",
    (template) => {
      containerOf(template).Environment.push({
        Name: "DATABASE_LOGIN",
        Value: { "Fn::Sub": "{{resolve:secretsmanager:${MainUserSecret}:SecretString:password}}" },
      });
    },
  ),

  broken(
    "a password stands in a variable of the container",
    "no-plaintext-secrets",
    [silos, starter],
    "tenant-silo",
    (template) => {
      containerOf(template).Environment.push({ Name: "SMTP_PASSWORD", Value: "hunter2-hunter2" });
    },
  ),
  broken(
    "a password stands in a URL of a harmless name",
    "no-plaintext-secrets",
    [management],
    "services",
    (template) => {
      containerOf(template).Environment.push({
        Name: "UPSTREAM",
        Value: "postgres://app:s3cret-pass@db.internal/app",
      });
    },
  ),
  broken(
    "the administrator of the database has a written password",
    "no-plaintext-secrets",
    [silos, development],
    "data",
    (template) => {
      resourceOf(template, "MainCluster").Properties["MasterUserPassword"] = "correct-horse-battery";
    },
  ),
  broken(
    "an output shows the administrator's password",
    "no-plaintext-secrets",
    [silos],
    "data",
    (template) => {
      (template["Outputs"] as Record<string, unknown>)["Connection"] = {
        Value: { "Fn::Sub": "{{resolve:secretsmanager:${MainMasterSecret}:SecretString:password}}" },
      };
    },
  ),
  broken(
    "a parameter for a password is not hidden",
    "no-plaintext-secrets",
    [starter],
    "services",
    (template) => {
      template.Parameters = { ...template.Parameters, DatabasePassword: { Type: "String" } };
      containerOf(template).Environment.push({ Name: "EXTRA", Value: { Ref: "DatabasePassword" } });
    },
  ),
  broken(
    "a parameter of Parameter Store holds an access key",
    "no-plaintext-secrets",
    [management],
    "foundation",
    (template) => {
      firstOf(template, "AWS::SSM::Parameter").Properties["Value"] = "AKIAIOSFODNN7EXAMPLE";
    },
  ),
  broken(
    "a tenant's password is not rotated",
    "secrets-rotate",
    [silos, starter],
    "tenant-silo",
    (template) => {
      for (const [id] of resourcesOfType(template, "AWS::SecretsManager::RotationSchedule"))
        delete template.Resources[id];
    },
  ),
  broken("passwords are rotated once a year", "secrets-rotate", [management], "data", (template) => {
    firstOf(template, "AWS::SecretsManager::RotationSchedule").Properties["RotationRules"] = {
      AutomaticallyAfterDays: 365,
    };
  }),
];
