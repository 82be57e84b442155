import type { PlatformStore } from "@tenantry/model";
import type { App } from "aws-cdk-lib";
import { bucketNameAt, requireRoomForReplica } from "../buckets/bucket-names.ts";
import { Bucket, type BucketStore } from "../buckets/bucket.ts";
import { Redis, type RedisStore } from "../cache/redis.ts";
import { AuroraPostgres } from "../databases/aurora-postgres.ts";
import { databaseIdentifier, rotationFunctionName } from "../databases/database-identifier.ts";
import type { Database, DatabasePlace, DocumentStore, PostgresStore } from "../databases/database.ts";
import { DocumentDb } from "../databases/document-db.ts";
import { RdsPostgres } from "../databases/rds-postgres.ts";
import { applicationUsername, UserSecret } from "../secrets/user-secret.ts";
import { rotationFunctionArn } from "../secrets/hosted-rotation.ts";
import { pascal, PlatformStack } from "../stack/platform-stack.ts";
import type { Site } from "../stack/site.ts";
import { TenantStack } from "../stack/tenant-stack.ts";
import type { StoreValue } from "../stack/stack-values.ts";
import {
  copiedSecretArn,
  databasePlace,
  hasApplicationUser,
  isShared,
  permissionsBoundary,
  replicationTarget,
  secretReplicas,
  storeLogs,
} from "./store-place.ts";

/**
 * The stores that tenants share, in one region. Null where there is none.
 *
 * In the recovery region databases follow those of the primary region, so its stack comes after; a copied bucket comes
 * before the bucket that is copied, so it has a stack of its own (`replicasStack`).
 */
export function dataStack(app: App, site: Site): PlatformStack | null {
  const { platform, region, role } = site;
  const stores = Object.values(region.stores).filter(
    (store) => isShared(platform, store) && isHere(role, store),
  );
  if (stores.length === 0) return null;
  const stack = new PlatformStack(app, site, "data", {
    description: `Stores of ${platform.name} in ${platform.environment} that tenants share.`,
  });
  for (const store of stores) addStore(stack, store);
  return stack;
}

/**
 * The copies of shared buckets in the recovery region. Null where no bucket is copied, and in the primary region.
 *
 * S3 takes no replication to a bucket that is not there, so this stack comes before the primary region's
 * data stack, whatever else stands in the recovery region.
 */
export function replicasStack(app: App, site: Site): PlatformStack | null {
  const { platform, region, role } = site;
  const stores = Object.values(region.stores).filter(
    (store): store is BucketStore =>
      store.kind === "bucket" && store.bucket !== null && store.replication !== null,
  );
  if (role === "primary" || stores.length === 0) return null;
  const stack = new PlatformStack(app, site, "replicas", {
    description: `Copies of buckets of ${platform.name} in ${platform.environment}.`,
  });
  for (const store of stores) addBucket(stack, store);
  return stack;
}

/** Queues, topics and brokers come with the platforms that have them. */
function isHere(role: Site["role"], store: PlatformStore): boolean {
  if (store.kind === "bucket") return role === "primary" || store.replication === null;
  return store.kind === "postgres" || store.kind === "documentdb" || store.kind === "redis";
}

function addStore(stack: PlatformStack, store: PlatformStore): void {
  switch (store.kind) {
    case "postgres":
    case "documentdb":
      addDatabase(stack, store);
      break;
    case "redis":
      addRedis(stack, store);
      break;
    case "bucket":
      addBucket(stack, store);
      break;
    case "queue":
    case "topic":
    case "broker":
      break;
  }
}

function addDatabase(stack: PlatformStack, store: PostgresStore | DocumentStore): void {
  const { platform } = stack.site;
  const identifier = sharedIdentifier(stack, store.name);
  const place = databasePlace(stack, store, identifier, store.credentials.masterSecret);
  const database = makeDatabase(stack, pascal(store.name), store, place);
  provideAll(stack, store, {
    endpoint: database.endpoint,
    "reader-endpoint": database.readerEndpoint,
    port: String(store.port),
    identifier: database.identifier,
    "resource-id": database.resourceId,
    arn: database.arn,
    "client-security-group": database.clientSecurityGroup,
    "secret-arn": database.masterSecretArn ?? copied(stack, store.name, "secret-arn"),
  });
  if (hasApplicationUser(platform, stack.site.region, store)) addApplicationUser(stack, store, database);
  if (store.kind === "postgres" && store.engine === "aurora") addAuroraOutputs(stack, store, database);
}

/** The construct of a database, by its engine. */
export function makeDatabase(
  stack: PlatformStack,
  id: string,
  store: PostgresStore | DocumentStore,
  place: DatabasePlace,
): Database {
  if (store.kind === "documentdb") return new DocumentDb(stack, id, { ...place, store });
  return store.engine === "aurora"
    ? new AuroraPostgres(stack, id, { ...place, store })
    : new RdsPostgres(stack, id, { ...place, store });
}

/** The name of the database that tenants share; the same in both regions. */
export function sharedIdentifier(stack: PlatformStack, store: string): string {
  const { name: platform, environment } = stack.site.platform;
  return databaseIdentifier({ platform, environment, store });
}

function copied(stack: PlatformStack, store: string, value: "secret-arn" | "application-secret-arn"): string {
  return copiedSecretArn(stack, stack.need(`stores/${store}/${value}`, stack.site.platform.region));
}

/** The user of services that tenants share: it owns nothing, so row-level security holds for it. */
function addApplicationUser(
  stack: PlatformStack,
  store: PostgresStore | DocumentStore,
  database: Database,
): void {
  const { platform, role } = stack.site;
  if (role === "recovery") {
    provideAll(stack, store, {
      "application-secret-arn": copied(stack, store.name, "application-secret-arn"),
    });
    return;
  }
  const user = new UserSecret(stack, `${pascal(store.name)}Application`, {
    name: applicationSecretName(store.credentials.masterSecret),
    description: `User of the services that share the database ${store.name}`,
    username: applicationUsername,
    store,
    host: database.endpoint,
    keyArn: stack.needKey("secrets"),
    replicas: secretReplicas(stack),
    dataProtection: platform.dataProtection,
    rotationFunctionArn: rotationFunctionArn(
      stack,
      rotationFunctionName(sharedIdentifier(stack, store.name)),
    ),
    after: database.rotation,
  });
  provideAll(stack, store, { "application-secret-arn": user.arn });
}

/** Beside the master secret: "a/b/master" has "a/b/application". */
function applicationSecretName(masterSecret: string): string {
  return `${masterSecret.replace(/\/master$/, "")}/application`;
}

function addAuroraOutputs(stack: PlatformStack, store: PostgresStore, database: Database): void {
  const clusters = Object.values(stack.site.region.stores).filter(
    (one) => one.kind === "postgres" && one.engine === "aurora" && isShared(stack.site.platform, one),
  );
  const which = clusters.length === 1 ? "" : pascal(store.name);
  stack.output(`AuroraClusterEndpoint${which}`, database.endpoint, "Takes writes.");
  stack.output(`AuroraClusterReaderEndpoint${which}`, database.readerEndpoint, "Spreads reads.");
}

function addRedis(stack: PlatformStack, store: RedisStore): void {
  const redis = new Redis(stack, pascal(store.name), {
    ...redisPlace(stack, store),
    identifier: sharedIdentifier(stack, store.name),
    secret: { name: store.secret, keyArn: stack.needKey("secrets") },
  });
  provideAll(stack, store, {
    endpoint: redis.endpoint,
    "reader-endpoint": redis.readerEndpoint,
    port: String(store.port),
    identifier: redis.identifier,
    arn: redis.arn,
    "client-security-group": redis.clientSecurityGroup,
    ...(redis.secretArn === null ? {} : { "secret-arn": redis.secretArn }),
  });
}

/** What a cache needs of the stack, whoever it is for. */
export function redisPlace(stack: PlatformStack, store: RedisStore) {
  return {
    store,
    vpcId: stack.need("network/vpc-id"),
    subnetIds: stack.needList(`network/subnets/${store.subnets}`),
    keyArn: stack.needKey(`stores/${store.name}`),
    logs: storeLogs(stack),
    dataProtection: stack.site.platform.dataProtection,
  } as const;
}

function addBucket(stack: PlatformStack, store: BucketStore): void {
  if (store.bucket === null) return;
  const bucket = makeBucket(stack, store, store.bucket);
  provideAll(stack, store, { bucket: bucket.bucketName, arn: bucket.arn });
}

/**
 * A bucket of the stack's region.
 *
 * @param pattern The name that it has in the primary region, with {tenant} in it for a tenant's own.
 */
export function makeBucket(stack: PlatformStack, store: BucketStore, pattern: string): Bucket {
  const { platform, role } = stack.site;
  const primaryName = stack instanceof TenantStack ? stack.fill(pattern) : pattern;
  const replication = replicationTarget(stack, store);
  if (role === "recovery" || replication !== null) requireRoomForReplica(pattern, platform.tenantIdLengthMax);
  return new Bucket(stack, pascal(store.name), {
    bucketName: bucketNameAt(role, primaryName),
    store,
    keyArn: stack.needKey(`stores/${store.name}`),
    logBucket: store.accessLogs ? stack.need("audit/log-bucket") : null,
    replication,
    tenantId: stack instanceof TenantStack ? stack.tenantId : null,
    permissionsBoundaryArn: replication === null ? null : permissionsBoundary(stack),
    dataProtection: platform.dataProtection,
  });
}

function provideAll(
  stack: PlatformStack,
  store: PlatformStore,
  values: Readonly<Partial<Record<StoreValue, string>>>,
): void {
  for (const [name, value] of Object.entries(values))
    stack.provide(`stores/${store.name}/${name as StoreValue}`, value);
}
