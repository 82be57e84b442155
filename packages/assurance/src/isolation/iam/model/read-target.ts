import type { Data, Resource } from "../../../artifacts/shipment.ts";
import { anyId, anyText } from "../worst-case/free-text.ts";
import { isObject } from "../policy/policy-data.ts";
import type { Encryption, Target } from "./iam-model.ts";
import { textOf } from "./policy-documents.ts";

const kinds: readonly (readonly [prefix: string, kind: string])[] = [
  ["AWS::S3::", "buckets"],
  ["AWS::SecretsManager::", "secrets"],
  ["AWS::Logs::", "logs"],
  ["AWS::KMS::", "keys"],
  ["AWS::IAM::", "roles"],
  ["AWS::ECS::", "services"],
  ["AWS::EKS::", "services"],
  ["AWS::Lambda::", "services"],
  ["AWS::RDS::", "databases"],
  ["AWS::DocDB::", "databases"],
  ["AWS::DynamoDB::", "databases"],
  ["AWS::ElastiCache::", "databases"],
  ["AWS::OpenSearchService::", "databases"],
  ["AWS::SQS::", "queues"],
  ["AWS::SNS::", "queues"],
  ["AWS::SSM::", "parameters"],
  ["AWS::ElasticLoadBalancingV2::", "routes"],
  ["AWS::Backup::", "backups"],
  ["AWS::ECR::", "images"],
];

/** What of a resource requests may name; null where it has no ARN. */
export function readTargets(resource: Resource, account: string): readonly Target[] {
  const { key, type, stack, arn, properties, physicalId } = resource;
  if (arn === null) return [];
  const target: Target = {
    key,
    type,
    kind: kinds.find(([prefix]) => type.startsWith(prefix))?.[1] ?? "other",
    region: stack.region,
    tenant: stack.tenant,
    arn,
    physicalId,
    tags: tagsOf(properties["Tags"]),
    policy: null,
    subjects: subjectsOf(resource, arn),
    encryption: encryptionOf(resource, arn, account),
  };
  const user = type === "AWS::SecretsManager::Secret" ? databaseUserOf(resource) : null;
  if (user === null) return [target];
  const database = `arn:aws:rds-db:${stack.region}:${account}:dbuser:${anyId}/${user}`;
  return [
    target,
    { ...target, kind: "databases", arn: database, subjects: [database], tags: new Map(), encryption: null },
  ];
}

function subjectsOf({ type }: Resource, arn: string): readonly string[] {
  switch (type) {
    case "AWS::S3::Bucket":
      return [arn, `${arn}/${anyText}`];
    case "AWS::Logs::LogGroup":
      return [arn, `${arn}:${anyText}`];
    case "AWS::DynamoDB::Table":
    case "AWS::DynamoDB::GlobalTable":
    case "AWS::OpenSearchService::Domain":
      return [arn, `${arn}/${anyText}`];
    case "AWS::Lambda::Function":
      return [arn, `${arn}:${anyText}`];
    case "AWS::ECS::Service":
      return [arn, ...tasksOf(arn)];
    case "AWS::ECS::TaskDefinition":
      return [arn.replace(/:[^:]*$/u, `:${anyId}`)];
    default:
      return [arn];
  }
}

/** Tasks have no names: those of all services of a cluster are `task/cluster/id`. */
function tasksOf(serviceArn: string): readonly string[] {
  const [, head, cluster] = /^(.*):service\/([^/]+)\//u.exec(serviceArn) ?? [];
  return cluster === undefined ? [] : [`${head}:task/${cluster}/${anyId}`];
}

export function tagsOf(value: Data | undefined): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  if (Array.isArray(value)) {
    for (const tag of value as readonly Data[]) {
      const [name, text] = [textOf(tag, "Key"), textOf(tag, "Value")];
      if (name !== null) tags.set(name.toLowerCase(), text ?? "");
    }
  } else if (isObject(value)) {
    for (const [name, text] of Object.entries(value))
      tags.set(name.toLowerCase(), typeof text === "string" ? text : "");
  }
  return tags;
}

/** The user of a database whose password the secret holds. */
function databaseUserOf({ properties }: Resource): string | null {
  const generated = properties["GenerateSecretString"];
  const template = textOf(generated, "SecretStringTemplate") ?? textOf(properties, "SecretString");
  return /"username"\s*:\s*"([^"]+)"/u.exec(template ?? "")?.[1] ?? null;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html */
function encryptionOf(
  { type, properties, stack }: Resource,
  arn: string,
  account: string,
): Encryption | null {
  const encrypted = (key: Data | undefined, name: string, values: readonly string[]): Encryption | null =>
    typeof key === "string" ? { key: keyArn(key, stack.region, account), name, values } : null;
  switch (type) {
    case "AWS::SecretsManager::Secret":
      return encrypted(properties["KmsKeyId"], "SecretARN", [arn]);
    case "AWS::S3::Bucket":
      // With a bucket key the context is the bucket, without it the object.
      return encrypted(bucketKey(properties["BucketEncryption"]), "aws:s3:arn", [arn, `${arn}/${anyText}`]);
    case "AWS::SQS::Queue":
      return encrypted(properties["KmsMasterKeyId"], "aws:sqs:arn", [arn]);
    case "AWS::SNS::Topic":
      return encrypted(properties["KmsMasterKeyId"], "aws:sns:topicArn", [arn]);
    case "AWS::Logs::LogGroup":
      return encrypted(properties["KmsKeyId"], "aws:logs:arn", [arn]);
    case "AWS::DynamoDB::Table":
      return encrypted(textOf(properties["SSESpecification"], "KMSMasterKeyId"), "aws:dynamodb:tableName", [
        textOf(properties, "TableName") ?? anyText,
      ]);
    default:
      return null;
  }
}

/** A key may be named by its id; behind an alias it may be any. */
function keyArn(key: string, region: string, account: string): string {
  if (key.startsWith("arn:"))
    return key.includes(":alias/") ? `arn:aws:kms:${region}:${account}:key/${anyText}` : key;
  const id = key.startsWith("alias/") ? anyText : key;
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

function bucketKey(value: Data | undefined): Data | undefined {
  const rules = isObject(value) ? value["ServerSideEncryptionConfiguration"] : undefined;
  const first = Array.isArray(rules) ? (rules as readonly Data[])[0] : undefined;
  const settings = isObject(first) ? first["ServerSideEncryptionByDefault"] : undefined;
  return textOf(settings, "KMSMasterKeyID") ?? undefined;
}
