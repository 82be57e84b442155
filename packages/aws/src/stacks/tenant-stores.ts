import type { Isolation, PlatformStore } from "@tenantry/model";
import type { BucketStore } from "../buckets/bucket.ts";
import { Redis, type RedisStore } from "../cache/redis.ts";
import { databaseIdentifier, rotationFunctionName } from "../databases/database-identifier.ts";
import type { DocumentStore, PostgresStore } from "../databases/database.ts";
import { errors } from "../errors.ts";
import { rotationFunctionArn } from "../secrets/hosted-rotation.ts";
import { UserSecret } from "../secrets/user-secret.ts";
import { pascal } from "../stack/platform-stack.ts";
import type { TenantStack } from "../stack/tenant-stack.ts";
import { makeBucket, makeDatabase, redisPlace, sharedIdentifier } from "./data-stack.ts";
import {
  bucketAccess,
  databaseAccess,
  exactSecret,
  namedSecret,
  noAccess,
  pooledStoreAccess,
  redisAccess,
  type SecretName,
  sharedBucketAccess,
  sharedDatabase,
  sharedRedisAccess,
  type StoreAccess,
} from "./store-access.ts";
import { databasePlace, secretReplicas } from "./store-place.ts";

/**
 * Puts the tenant's own part of every store into its template; says what a service of the tenant needs of each store
 * that such a service uses.
 */
export function tenantStores(stack: TenantStack): Readonly<Record<string, StoreAccess>> {
  const { tier, site } = stack;
  const used = Object.values(site.region.services)
    .filter(({ name }) => tier.services[name] === "silo")
    .flatMap(({ uses }) => uses);
  const access: Record<string, StoreAccess> = {};
  for (const store of Object.values(site.region.stores)) {
    const accessTo = addStore(stack, store, tier.stores[store.name] ?? "pool");
    // What nobody uses must not be asked of other stacks either.
    access[store.name] = used.includes(store.name) ? accessTo() : noAccess;
  }
  return access;
}

type AccessTo = () => StoreAccess;

function addStore(stack: TenantStack, store: PlatformStore, isolation: Isolation): AccessTo {
  switch (store.kind) {
    case "bucket":
      return isolation === "silo"
        ? ownBucket(stack, store)
        : () => (store.bucket === null ? noAccess : sharedBucketAccess(stack, store, stack.tenantId));
    case "postgres":
    case "documentdb":
      if (isolation === "pool") return () => pooledStoreAccess(stack, store);
      return isolation === "silo" ? ownDatabase(stack, store) : ownUser(stack, store);
    case "redis":
      return isolation === "silo"
        ? ownRedis(stack, store)
        : () => sharedRedisAccess(stack, store, stack.tenantId);
    // Messaging comes with the platforms that have it.
    case "queue":
    case "topic":
    case "broker":
      return () => noAccess;
  }
}

function ownBucket(stack: TenantStack, store: BucketStore): AccessTo {
  if (store.tenantBucket === null) return () => noAccess;
  const { platform } = stack.site;
  if (platform.recovery !== null && store.replication !== null)
    throw errors.AWS_TENANT_REPLICATION({ store: store.name });
  const { bucketName } = makeBucket(stack, store, store.tenantBucket);
  stack.output(outputName(stack, "Bucket", store), bucketName, "The tenant's bucket.");
  return () => bucketAccess(stack, store, bucketName, "");
}

/** A user in the database that tenants share, with a schema of its own. */
function ownUser(stack: TenantStack, store: PostgresStore | DocumentStore): AccessTo {
  const endpoint = stack.need(`stores/${store.name}/endpoint`);
  const secret = userSecret(stack, store, endpoint, sharedIdentifier(stack, store.name), []);
  addConnection(stack, store, endpoint);
  return () =>
    databaseAccess(stack, store, { ...sharedDatabase(stack, store), username: usernameOf(stack), secret });
}

/** A database of the tenant's own, and the user of its services in it. */
function ownDatabase(stack: TenantStack, store: PostgresStore | DocumentStore): AccessTo {
  const { name: platform, environment } = stack.site.platform;
  const identifier = databaseIdentifier({ platform, environment, store: store.name }, stack.tenantId);
  const master = `${stack.fill(store.credentials.tenantSecret)}/master`;
  const place = databasePlace(stack, store, identifier, master);
  const database = makeDatabase(stack, pascal(store.name), store, place);
  const secret = userSecret(stack, store, database.endpoint, identifier, database.rotation);
  addConnection(stack, store, database.endpoint);
  return () => databaseAccess(stack, store, { ...database, username: usernameOf(stack), secret });
}

function userSecret(
  stack: TenantStack,
  store: PostgresStore | DocumentStore,
  host: string,
  identifier: string,
  after: UserSecretAfter,
): SecretName {
  const { platform, role } = stack.site;
  const name = stack.fill(store.credentials.tenantSecret);
  // Secrets Manager has copied it there, under the same name.
  if (role === "recovery") return namedSecret(stack, name);
  const secret = new UserSecret(stack, `${pascal(store.name)}User`, {
    name,
    description: `The tenant's user of the database ${store.name}`,
    username: usernameOf(stack),
    store,
    host,
    keyArn: stack.needKey("secrets"),
    replicas: secretReplicas(stack),
    dataProtection: platform.dataProtection,
    rotationFunctionArn: rotationFunctionArn(stack, rotationFunctionName(identifier)),
    after,
  });
  return exactSecret(secret.arn);
}
type UserSecretAfter = ConstructorParameters<typeof UserSecret>[2]["after"];

function usernameOf(stack: TenantStack): string {
  return `tenant_${stack.username()}`;
}

function ownRedis(stack: TenantStack, store: RedisStore): AccessTo {
  const { name: platform, environment } = stack.site.platform;
  const redis = new Redis(stack, pascal(store.name), {
    ...redisPlace(stack, store),
    identifier: databaseIdentifier({ platform, environment, store: store.name }, stack.tenantId),
    secret: { name: `${store.secret}/${stack.tenantId}`, keyArn: stack.needKey("secrets") },
  });
  return () => redisAccess(stack, store, null, redis);
}

/** How people and programs reach the tenant's data; the password is in the secret that it names. */
function addConnection(stack: TenantStack, store: PostgresStore | DocumentStore, endpoint: string): void {
  if (store.kind !== "postgres") return;
  const secret = stack.fill(store.credentials.tenantSecret);
  const value = `postgresql://${usernameOf(stack)}@${endpoint}/${store.database}?secret=${secret}`;
  stack.output(
    outputName(stack, "DbConnection", store),
    value,
    "The tenant's database; its password is in the secret.",
  );
}

/** "Bucket" where the tenant has one, else "BucketUserFiles" and so on. */
function outputName(stack: TenantStack, name: string, store: PlatformStore): string {
  const { site, tier } = stack;
  const own = Object.values(site.region.stores).filter(
    (other) =>
      other.kind === store.kind &&
      (tier.stores[other.name] === "silo" ||
        (tier.stores[other.name] === "bridge" && store.kind !== "bucket")),
  );
  return own.length === 1 ? name : `${name}${pascal(store.name)}`;
}
