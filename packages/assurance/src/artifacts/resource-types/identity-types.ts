import { everywhere, inRegion, type ResourceType } from "./resource-type.ts";

const iam = (kind: string, named: string, ref?: string): ResourceType => ({
  named,
  generated: "name",
  arn: everywhere("iam", `${kind}{path}{name}`),
  ...(ref === undefined ? {} : { ref }),
});

export const identityTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::IAM::Role": { ...iam("role", "RoleName"), attributes: { RoleId: "{attribute}" } },
  "AWS::IAM::User": iam("user", "UserName"),
  "AWS::IAM::Group": iam("group", "GroupName"),
  "AWS::IAM::InstanceProfile": iam("instance-profile", "InstanceProfileName"),
  "AWS::IAM::ManagedPolicy": {
    ...iam("policy", "ManagedPolicyName", "{arn}"),
    attributes: { PolicyArn: "{arn}" },
  },
  "AWS::IAM::OIDCProvider": { arn: everywhere("iam", "oidc-provider/{issuer}"), ref: "{arn}" },
  "AWS::IAM::SAMLProvider": {
    named: "Name",
    generated: "name",
    arn: everywhere("iam", "saml-provider/{name}"),
    ref: "{arn}",
  },
  "AWS::KMS::Key": { arn: inRegion("kms", "key/{name}"), attributes: { KeyId: "{name}" } },
  "AWS::KMS::Alias": { named: "AliasName", arn: inRegion("kms", "{name}") },
  "AWS::SecretsManager::Secret": {
    named: "Name",
    generated: "name",
    // AWS puts a hyphen and six characters of its own behind the name.
    arn: inRegion("secretsmanager", "secret:{name}-{mark}"),
    ref: "{arn}",
    attributes: { Id: "{arn}" },
  },
  "AWS::SecretsManager::SecretTargetAttachment": { named: "SecretId" },
  "AWS::SecretsManager::ResourcePolicy": { ref: "{SecretId}" },
  "AWS::SecretsManager::RotationSchedule": { ref: "{SecretId}" },
  "AWS::SSM::Parameter": {
    named: "Name",
    generated: "name",
    arn: inRegion("ssm", "parameter/{path-name}"),
    attributes: { Value: "{Value}", Type: "{Type}" },
  },
  "AWS::SSM::Document": { named: "Name", generated: "name", arn: inRegion("ssm", "document/{name}") },
  "AWS::Cognito::UserPool": {
    arn: inRegion("cognito-idp", "userpool/{name}"),
    attributes: { UserPoolId: "{name}" },
  },
  "AWS::Cognito::IdentityPool": { arn: inRegion("cognito-identity", "identitypool/{name}") },
  "AWS::CertificateManager::Certificate": {
    arn: inRegion("acm", "certificate/{mark}"),
    ref: "{arn}",
    attributes: { CertificateArn: "{arn}" },
  },
  "AWS::Organizations::Organization": { attributes: { Id: "{name}" } },
  "AWS::Organizations::Policy": { attributes: { Id: "{name}" } },
};
