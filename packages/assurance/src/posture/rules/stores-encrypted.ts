import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { acknowledgementsOf } from "../acknowledgements.ts";
import { postureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import {
  isFlag,
  listAt,
  requireFlag,
  requirePresent,
  requireProperty,
  textAt,
  textsAt,
  valueAt,
  whyUnknown,
} from "../read-value.ts";

type Check = (resource: Resource, ownKeys: boolean, posture: Posture) => readonly Finding[];

const plain = "who gets at the disks or a copy of them reads every tenant's data";
const foreignKey =
  "the definition wants keys of its own (encryption.keys), which can be withdrawn and whose use is recorded";

const flagAndKey =
  (flag: string, key: string) =>
  (resource: Resource, ownKeys: boolean): readonly Finding[] => [
    ...requireFlag(resource, [flag], true, plain),
    ...(ownKeys ? requirePresent(resource, [key], foreignKey) : []),
  ];

const keyIfOwn =
  (...path: readonly string[]) =>
  (resource: Resource, ownKeys: boolean): readonly Finding[] =>
    ownKeys ? requirePresent(resource, path, foreignKey) : [];

const checks: Readonly<Record<string, Check>> = {
  "AWS::RDS::DBCluster": flagAndKey("StorageEncrypted", "KmsKeyId"),
  "AWS::RDS::DBInstance": (resource, ownKeys) => {
    const { properties } = resource;
    // An instance has its cluster's storage, and a replica its source's encryption, in its own region too.
    if (valueAt(properties, "DBClusterIdentifier") !== undefined) return [];
    if (valueAt(properties, "SourceDBInstanceIdentifier") !== undefined)
      return valueAt(properties, "SourceRegion") === undefined
        ? []
        : requirePresent(resource, ["KmsKeyId"], "a copy in another region needs a key of that region");
    return [
      ...requireFlag(resource, ["StorageEncrypted"], true, plain),
      ...keyIfOwn("KmsKeyId")(resource, ownKeys),
    ];
  },
  "AWS::DocDB::DBCluster": flagAndKey("StorageEncrypted", "KmsKeyId"),
  "AWS::Neptune::DBCluster": flagAndKey("StorageEncrypted", "KmsKeyId"),
  "AWS::ElastiCache::ReplicationGroup": flagAndKey("AtRestEncryptionEnabled", "KmsKeyId"),
  "AWS::EC2::Volume": flagAndKey("Encrypted", "KmsKeyId"),
  "AWS::EC2::LaunchTemplate": (resource) =>
    judgeVolumes(resource, "LaunchTemplateData", "BlockDeviceMappings"),
  "AWS::EC2::Instance": (resource) => judgeVolumes(resource, "BlockDeviceMappings"),
  "AWS::AutoScaling::LaunchConfiguration": (resource) => judgeVolumes(resource, "BlockDeviceMappings"),
  "AWS::EFS::FileSystem": flagAndKey("Encrypted", "KmsKeyId"),
  "AWS::DynamoDB::Table": (resource, ownKeys) =>
    ownKeys ? requirePresent(resource, ["SSESpecification", "KMSMasterKeyId"], foreignKey) : [],
  "AWS::S3::Bucket": judgeBucket,
  "AWS::SNS::Topic": (resource) =>
    requirePresent(resource, ["KmsMasterKeyId"], "its messages are stored in plain text"),
  "AWS::SQS::Queue": (resource, ownKeys) =>
    isFlag(valueAt(resource.properties, "SqsManagedSseEnabled"), true) && !ownKeys
      ? []
      : requirePresent(
          resource,
          ["KmsMasterKeyId"],
          ownKeys ? foreignKey : "its messages are stored in plain text",
        ),
  "AWS::Logs::LogGroup": (resource, ownKeys) => {
    const findings = keyIfOwn("KmsKeyId")(resource, ownKeys);
    const meant = acknowledgementsOf(resource).find(({ rule }) => rule === "AwsSolutions-CW1");
    return findings.length === 0 || meant === undefined
      ? findings
      : [notApplicable(resource.key, meant.reason)];
  },
  "AWS::SecretsManager::Secret": keyIfOwn("KmsKeyId"),
  "AWS::Backup::BackupVault": keyIfOwn("EncryptionKeyArn"),
  "AWS::CloudTrail::Trail": keyIfOwn("KMSKeyId"),
  "AWS::ECR::Repository": (resource, ownKeys) =>
    ownKeys
      ? requireProperty(
          resource,
          ["EncryptionConfiguration", "EncryptionType"],
          (type) => type === "KMS",
          foreignKey,
        )
      : [],
  "AWS::Kinesis::Stream": (resource) => requirePresent(resource, ["StreamEncryption", "KeyId"], plain),
  "AWS::OpenSearchService::Domain": (resource) =>
    requireFlag(resource, ["EncryptionAtRestOptions", "Enabled"], true, plain),
  "AWS::AmazonMQ::Broker": (resource, ownKeys) =>
    ownKeys ? requirePresent(resource, ["EncryptionOptions", "KmsKeyId"], foreignKey) : [],
};

export const storesEncrypted = postureRule({
  name: "stores-encrypted",
  why: "What lies unencrypted on a disk of AWS is protected by one layer less, and by none once it is copied.",
  fix: "Turn encryption on, with the environment's key for that purpose.",
  things: "stores, queues, topics or log groups",
  find: ({ ofType }) => ofType(...Object.keys(checks)),
  judge: (resource, posture) =>
    checks[resource.type]?.(resource, posture.definition.encryption.keys === "customer-managed", posture) ??
    [],
});

/** The volumes of a machine; the root volume is one only where it is named. */
function judgeVolumes(resource: Resource, ...path: readonly string[]): readonly Finding[] {
  const volumes = listAt(resource.properties, ...path).filter(
    (device) => valueAt(device, "Ebs") !== undefined,
  );
  if (volumes.length === 0)
    return [refuted(resource.key, `${path.join(".")} names no encrypted volume: ${plain}`)];
  return volumes
    .filter((device) => !isFlag(valueAt(device, "Ebs", "Encrypted"), true))
    .map((device) =>
      refuted(resource.key, `the volume ${textAt(device, "DeviceName") ?? ""} is not encrypted: ${plain}`),
    );
}

/** S3 encrypts every object with its own keys when nothing else is said; a definition that wants its own keys is not content with them. */
function judgeBucket(resource: Resource, ownKeys: boolean, posture: Posture): readonly Finding[] {
  const rules = listAt(resource.properties, "BucketEncryption", "ServerSideEncryptionConfiguration");
  const unread = rules.map((rule) => whyUnknown(rule)).find((why) => why !== undefined);
  if (unread !== undefined) return requirePresent(resource, ["BucketEncryption"], plain);
  const defaults = rules.map((rule) => valueAt(rule, "ServerSideEncryptionByDefault"));
  const algorithms = defaults.map((rule) => textAt(rule, "SSEAlgorithm"));
  if (!ownKeys || algorithms.some((algorithm) => algorithm?.startsWith("aws:kms") === true)) return [];
  // The load balancer and S3 itself write logs only to a bucket with keys of S3:
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
  if (receivesLogs(resource, posture))
    return [notApplicable(resource.key, "it receives access logs, which AWS writes only with keys of S3")];
  return [refuted(resource.key, `BucketEncryption is ${algorithms.join(", ") || "missing"}: ${foreignKey}`)];
}

const logServices = [
  "logdelivery.elasticloadbalancing.amazonaws.com",
  "logging.s3.amazonaws.com",
  "delivery.logs.amazonaws.com",
];

/** By its policy, which must let the services write. */
function receivesLogs({ physicalId }: Resource, { ofType, statementsOf }: Posture): boolean {
  return ofType("AWS::S3::BucketPolicy")
    .filter(({ properties }) => textAt(properties, "Bucket") === physicalId)
    .flatMap((policy) => statementsOf(policy))
    .some(
      ({ fields }) =>
        fields["Effect"] === "Allow" &&
        textsAt(fields["Principal"], "Service").some((service) => logServices.includes(service)),
    );
}
