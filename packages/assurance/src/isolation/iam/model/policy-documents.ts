import type { Data, Properties, Resource } from "../../../artifacts/shipment.ts";
import type { PolicyKind } from "../policy/policy.ts";
import { isObject } from "../policy/policy-data.ts";

/** A policy document in a resource. */
export interface PolicyDocument {
  /** Name of the policy, or of the property. */
  readonly name: string;
  /** Null where the package does not know what it does there. */
  readonly kind: PolicyKind | null;
  readonly document: Data | undefined;
}

/** Where the types have policies. A list stands between brackets. */
const places: Readonly<Record<string, Readonly<Record<string, PolicyKind>>>> = {
  "AWS::IAM::Role": { AssumeRolePolicyDocument: "trust", "Policies[]": "identity" },
  "AWS::IAM::User": { "Policies[]": "identity" },
  "AWS::IAM::Group": { "Policies[]": "identity" },
  "AWS::IAM::Policy": { PolicyDocument: "identity" },
  "AWS::IAM::RolePolicy": { PolicyDocument: "identity" },
  "AWS::IAM::UserPolicy": { PolicyDocument: "identity" },
  "AWS::IAM::GroupPolicy": { PolicyDocument: "identity" },
  "AWS::IAM::ManagedPolicy": { PolicyDocument: "identity" },
  "AWS::SSO::PermissionSet": { InlinePolicy: "identity" },
  "AWS::Organizations::Policy": { Content: "service-control" },
  "AWS::KMS::Key": { KeyPolicy: "key" },
  "AWS::KMS::ReplicaKey": { KeyPolicy: "key" },
  "AWS::EC2::VPCEndpoint": { PolicyDocument: "vpc-endpoint" },
  "AWS::S3::BucketPolicy": { PolicyDocument: "resource" },
  "AWS::S3::AccessPoint": { Policy: "resource" },
  "AWS::SecretsManager::ResourcePolicy": { ResourcePolicy: "resource" },
  "AWS::SQS::QueuePolicy": { PolicyDocument: "resource" },
  "AWS::SNS::TopicPolicy": { PolicyDocument: "resource" },
  "AWS::Backup::BackupVault": { AccessPolicy: "resource" },
  "AWS::ECR::Repository": { RepositoryPolicyText: "repository" },
  "AWS::DynamoDB::Table": { ResourcePolicy: "resource" },
  "AWS::Logs::ResourcePolicy": { PolicyDocument: "resource" },
  "AWS::EFS::FileSystem": { FileSystemPolicy: "resource" },
  "AWS::OpenSearchService::Domain": { AccessPolicies: "resource" },
  "AWS::Events::EventBusPolicy": { Statement: "resource" },
};

/** Every policy document of a resource, those that stand where the package does not know any included. */
export function policyDocumentsOf({ type, properties }: Resource): readonly PolicyDocument[] {
  const known = places[type] ?? {};
  return Object.entries(properties).flatMap(([property, value]): readonly PolicyDocument[] => {
    const listed = known[`${property}[]`];
    if (listed !== undefined) return listOf(value, property, listed);
    const kind = known[property];
    if (kind !== undefined) return [{ name: property, kind, document: documentOf(value) }];
    return holdsPolicy(value) ? [{ name: property, kind: null, document: value }] : [];
  });
}

function listOf(value: Data, property: string, kind: PolicyKind): readonly PolicyDocument[] {
  if (!Array.isArray(value)) return [{ name: property, kind, document: value }];
  return (value as readonly Data[]).map((each, index) => ({
    name: textOf(each, "PolicyName") ?? `${property}[${index}]`,
    kind,
    document: isObject(each) ? each["PolicyDocument"] : each,
  }));
}

/** Some types take the text of the document, some wrap it. */
function documentOf(value: Data): Data {
  if (isObject(value) && value["Statement"] === undefined && isObject(value["PolicyDocument"]))
    return value["PolicyDocument"];
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return value;
  try {
    return JSON.parse(value) as Data;
  } catch {
    return value;
  }
}

export function textOf(value: Data | undefined, property: string): string | null {
  const text = isObject(value) ? value[property] : undefined;
  return typeof text === "string" ? text : null;
}

/** Real properties are a few levels deep; what lies deeper may be anything. */
const depthMax = 40;

/** Whether there is a document with statements that have an effect. */
function holdsPolicy(value: Data, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth > depthMax) return true;
  const within = (each: Data) => holdsPolicy(each, depth + 1);
  if (Array.isArray(value)) return (value as readonly Data[]).some(within);
  const { Statement: statement } = value as Properties;
  const first = Array.isArray(statement) ? (statement as readonly Data[])[0] : statement;
  if (isObject(first) && (first["Effect"] !== undefined || first["Principal"] !== undefined)) return true;
  return Object.values(value as Properties).some(within);
}
