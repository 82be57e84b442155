// Goal: nobody reaches a bucket or a cache but by what the template says, and copies are complete.
import { expect, test } from "vitest";
import { bucketLifecycle } from "../../src/buckets/bucket-lifecycle.ts";
import { dataStack, replicasStack } from "../../src/stacks/data-stack.ts";
import { App } from "aws-cdk-lib";
import { platformWith, resourcesOf } from "../test-stack.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { dataTemplate, onlyOf, propertiesOf, siteOf, written } from "./data-templates.ts";

const platform = documentPlatform("saas-management", "production");
const main = dataTemplate(platform);
const recovery = dataTemplate(platform, "recovery");
const replicas = dataTemplate(platform, "recovery", replicasStack);
const staging = dataTemplate(documentPlatform("saas-management", "staging"));

test("S1.07 Redis 7 in cluster mode, Multi-AZ, encrypted at rest and in transit; 3, 2 and 1 nodes", () => {
  expect(propertiesOf(main, "CacheReplicationGroup")).toMatchObject({
    Engine: "redis",
    EngineVersion: "7.1",
    CacheNodeType: "cache.r5.large",
    NumNodeGroups: 1,
    ReplicasPerNodeGroup: 2,
    MultiAZEnabled: true,
    AutomaticFailoverEnabled: true,
    AtRestEncryptionEnabled: true,
    KmsKeyId: { Ref: "ValueKeysStoresCache" },
    TransitEncryptionEnabled: true,
    TransitEncryptionMode: "required",
    SnapshotRetentionLimit: 1,
    CacheParameterGroupName: { Ref: "CacheParameters" },
  });
  expect(propertiesOf(main, "CacheParameters")).toMatchObject({
    CacheParameterGroupFamily: "redis7",
    Properties: { "cluster-enabled": "yes", "maxmemory-policy": "volatile-lru" },
  });
  expect(propertiesOf(recovery, "CacheReplicationGroup")).toMatchObject({
    NumNodeGroups: 1,
    ReplicasPerNodeGroup: 1,
  });
  const single = propertiesOf(staging, "CacheReplicationGroup");
  expect(single).toMatchObject({
    NumCacheClusters: 1,
    AutomaticFailoverEnabled: false,
    MultiAZEnabled: false,
  });
  expect(single).not.toHaveProperty("NumNodeGroups");
});

test("S1.07 the logs of a cache go to groups that are encrypted and end", () => {
  const configured = propertiesOf(main, "CacheReplicationGroup")["LogDeliveryConfigurations"];
  expect(configured).toMatchObject([{ LogType: "slow-log" }, { LogType: "engine-log" }]);
  expect(propertiesOf(main, "CacheLogsSlowLog")).toMatchObject({
    RetentionInDays: 90,
    KmsKeyId: { Ref: "ValueKeysLogs" },
  });
});

test("S1.09 S3.03 a bucket is private, owned, encrypted, versioned, logged, and reached by TLS only", () => {
  expect(propertiesOf(main, "Files")).toMatchObject({
    BucketName: "saas-platform-production-files",
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } },
      ],
    },
    VersioningConfiguration: { Status: "Enabled" },
    LoggingConfiguration: { DestinationBucketName: { Ref: "ValueAuditLogBucket" } },
  });
  expect(propertiesOf(main, "FilesPolicy")["PolicyDocument"]).toMatchObject({
    Statement: [{ Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
  });
  expect(main.Resources["Files"]?.DeletionPolicy).toBe("RetainExceptOnCreate");
});

test("S1.18 objects are copied to the bucket that the recovery region makes before, encrypted there, without deletions", () => {
  expect(propertiesOf(replicas, "Files")).toMatchObject({
    BucketName: "saas-platform-production-files--replica",
    VersioningConfiguration: { Status: "Enabled" },
  });
  expect(propertiesOf(replicas, "ProvideStoresFilesBucket")).toMatchObject({
    Name: "/saas-platform/production/stores/files/bucket",
    Value: { Ref: "Files" },
  });
  expect(recovery.Resources["Files"], "it is not in the stack that follows the primary's").toBeUndefined();
  const rule = (propertiesOf(main, "Files")["ReplicationConfiguration"] as { Rules: readonly unknown[] })
    .Rules[0];
  expect(rule).toMatchObject({
    Status: "Enabled",
    DeleteMarkerReplication: { Status: "Disabled" },
    Destination: { EncryptionConfiguration: { ReplicaKmsKeyID: { Ref: "ValueKeysStoresFilesInUsWest2" } } },
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
  });
  expect(written((rule as { Destination: { Bucket: unknown } }).Destination.Bucket)).toBe(
    "arn:<AWS::Partition>:s3:::<ValueStoresFilesBucketInUsWest2>",
  );
  expect(actionsOf(main, "FilesReplicationRole")).not.toContain("s3:ReplicateDelete");
});

test("S1.18 deletions are copied where the definition says so", () => {
  const template = dataTemplate(
    platformWith(
      { stores: { files: { kind: "bucket", replication: { deletions: true } } } },
      { recovery: { region: "us-west-2" } },
    ),
  );
  expect(JSON.stringify(propertiesOf(template, "Files"))).toContain(
    '"DeleteMarkerReplication":{"Status":"Enabled"}',
  );
  expect(actionsOf(template, "FilesReplicationRole")).toContain("s3:ReplicateDelete");
});

function actionsOf(template: ReturnType<typeof dataTemplate>, role: string): readonly string[] {
  const policies = propertiesOf(template, role)["Policies"] as readonly {
    readonly PolicyDocument: {
      readonly Statement: readonly { readonly Action: string | readonly string[] }[];
    };
  }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }) => Action));
}

test("objects move and go as the definition says, and what nobody sees is cleaned up", () => {
  expect(
    bucketLifecycle(
      [
        { prefix: "", afterDays: 30, to: "standard-ia" },
        { prefix: "logs/", afterDays: 7, to: "glacier-ir" },
        { prefix: "logs/", afterDays: 90, to: "delete" },
        { prefix: "tmp/", afterDays: 0, to: "delete" },
      ],
      true,
    ).rules,
  ).toEqual([
    {
      id: "clean-up",
      status: "Enabled",
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      noncurrentVersionExpiration: { noncurrentDays: 90 },
      expiredObjectDeleteMarker: true,
    },
    { id: "age-1", status: "Enabled", transitions: [{ storageClass: "STANDARD_IA", transitionInDays: 30 }] },
    {
      id: "age-2",
      status: "Enabled",
      prefix: "logs/",
      transitions: [{ storageClass: "GLACIER_IR", transitionInDays: 7 }],
      expirationInDays: 90,
    },
    { id: "age-3", status: "Enabled", prefix: "tmp/", expirationInDays: 1 },
  ]);
});

test("a bucket that CloudFront serves is read by distributions of the account and nobody else", () => {
  const template = dataTemplate(
    platformWith({
      stores: { assets: { kind: "bucket", servedByCloudFront: true } },
      edge: { cloudFront: {} },
    }),
  );
  expect(propertiesOf(template, "AssetsPolicy")["PolicyDocument"]).toMatchObject({
    Statement: [
      { Effect: "Deny" },
      { Effect: "Allow", Principal: { Service: "cloudfront.amazonaws.com" }, Action: "s3:GetObject" },
    ],
  });
  const statements = onlyOf(template, "AWS::S3::BucketPolicy").Properties?.["PolicyDocument"];
  expect(JSON.stringify(statements)).toContain(":cloudfront::");
});

test("a name that leaves no room for the copy's is refused", () => {
  const long = platformWith(
    { stores: { files: { kind: "bucket", name: "b".repeat(60), replication: {} } } },
    { recovery: { region: "us-west-2" } },
  );
  expect(() => dataTemplate(long)).toThrow(expect.objectContaining({ code: "AWS_BUCKET_COPY_NAME" }));
});

test("there is no stack without a shared store, and none of copies without a copy", () => {
  const app = new App({ analyticsReporting: false });
  expect(dataStack(app, siteOf(platformWith({})))).toBeNull();
  const silo = platformWith({
    stores: { main: { kind: "postgres" }, files: { kind: "bucket" } },
    tiers: { silo: { stores: { main: "silo", files: "silo" } } },
  });
  expect(dataStack(app, siteOf(silo))).toBeNull();
  expect(replicasStack(app, siteOf(platform)), "the primary region has no copies").toBeNull();
  expect(Object.keys(resourcesOf(replicas, "AWS::S3::Bucket"))).toEqual(["Files"]);
});
