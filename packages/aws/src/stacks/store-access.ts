import type { PlatformStore } from "@tenantry/model";
import type { Stack } from "aws-cdk-lib";
import { bucketArn, forBucket } from "../buckets/bucket-replication.ts";
import type { BucketStore } from "../buckets/bucket.ts";
import { authTokenField, type RedisStore } from "../cache/redis.ts";
import type { DocumentStore, PostgresStore } from "../databases/database.ts";
import type { Statement } from "../policy/policy-document.ts";
import { applicationUsername } from "../secrets/user-secret.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";

/** What a task needs so that it may use a store, and knows where the store is. */
export interface StoreAccess {
  /** For the task role: what the program itself may do. */
  readonly statements: readonly Statement[];
  /** For the execution role: reads `secrets` before the program starts. */
  readonly executionStatements: readonly Statement[];
  /** Environment variables, such as MAIN_HOST; no credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables that ECS fills from Secrets Manager: name → ARN of the secret and field of its JSON (`valueFrom`). */
  readonly secrets: Readonly<Record<string, string>>;
  /** Client security groups that the task carries besides its own. */
  readonly securityGroups: readonly string[];
}

/** A store that a task cannot use: it is another's alone, or its kind has no place in the template. */
export const noAccess: StoreAccess = Object.freeze({
  statements: [],
  executionStatements: [],
  environment: {},
  secrets: {},
  securityGroups: [],
});

/** What a task of a service that tenants share needs of a store. */
export function pooledStoreAccess(stack: PlatformStack, store: PlatformStore): StoreAccess {
  switch (store.kind) {
    case "postgres":
    case "documentdb":
      return databaseAccess(stack, store, {
        ...sharedDatabase(stack, store),
        username: applicationUsername,
        secret: exactSecret(stack.need(`stores/${store.name}/application-secret-arn`)),
      });
    case "redis":
      return sharedRedisAccess(stack, store, null);
    case "bucket":
      return store.bucket === null ? noAccess : sharedBucketAccess(stack, store, null);
    // Messaging comes with the platforms that have it.
    case "queue":
    case "topic":
    case "broker":
      return noAccess;
  }
}

/** Where a database is. */
export interface DatabaseAddress {
  readonly endpoint: string;
  readonly readerEndpoint: string;
  /** What IAM authentication knows it by; empty where the store does without. */
  readonly resourceId: string;
  readonly clientSecurityGroup: string;
}

/** A secret as containers and as policies name it. */
export interface SecretName {
  readonly arn: string;
  /** The ARN, or a pattern of it, where the six characters that AWS adds are not known. */
  readonly resource: string;
}

export function exactSecret(arn: string): SecretName {
  return { arn, resource: arn };
}

/** A secret of the stack's region by its name, which is all that is known of a copy. */
export function namedSecret(stack: Stack, name: string): SecretName {
  const arn = `arn:${stack.partition}:secretsmanager:${stack.region}:${stack.account}:secret:${name}`;
  return { arn, resource: `${arn}-??????` };
}

/** The address of the database that tenants share. */
export function sharedDatabase(stack: PlatformStack, store: PostgresStore | DocumentStore): DatabaseAddress {
  const { name } = store;
  return {
    endpoint: stack.need(`stores/${name}/endpoint`),
    readerEndpoint: stack.need(`stores/${name}/reader-endpoint`),
    resourceId: logsInByIam(store) ? stack.need(`stores/${name}/resource-id`) : "",
    clientSecurityGroup: stack.need(`stores/${name}/client-security-group`),
  };
}

/** What a user of a database needs. */
export function databaseAccess(
  stack: PlatformStack,
  store: PostgresStore | DocumentStore,
  user: DatabaseAddress & { readonly username: string; readonly secret: SecretName },
): StoreAccess {
  const name = variable(store.name);
  const { endpoint, secret } = user;
  const readSecret = secretStatements(stack, secret);
  return {
    statements: logsInByIam(store)
      ? [...readSecret, loginStatement(stack, user.resourceId, user.username)]
      : readSecret,
    executionStatements: readSecret,
    environment: {
      [`${name}_HOST`]: endpoint,
      [`${name}_READER_HOST`]: user.readerEndpoint,
      [`${name}_PORT`]: String(store.port),
      ...(store.kind === "postgres" ? { [`${name}_DATABASE`]: store.database } : {}),
      [`${name}_URL`]: urlOf(store, endpoint),
      // Credentials rotate: a program that is refused reads them again.
      [`${name}_SECRET_ARN`]: secret.arn,
    },
    secrets: {
      [`${name}_USERNAME`]: `${secret.arn}:username::`,
      [`${name}_PASSWORD`]: `${secret.arn}:password::`,
    },
    securityGroups: [user.clientSecurityGroup],
  };
}

function logsInByIam(store: PostgresStore | DocumentStore): boolean {
  return store.kind === "postgres" && store.iamAuthentication;
}

function urlOf(store: PostgresStore | DocumentStore, endpoint: string): string {
  const isTls = store.tls === "required";
  return store.kind === "postgres"
    ? `postgresql://${endpoint}:${store.port}/${store.database}${isTls ? "?sslmode=require" : ""}`
    : // DocumentDB has no retryable writes, which drivers turn on by themselves.
      `mongodb://${endpoint}:${store.port}/?replicaSet=rs0&retryWrites=false${isTls ? "&tls=true" : ""}`;
}

function loginStatement(stack: Stack, resourceId: string, username: string): Statement {
  return {
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: `arn:${stack.partition}:rds-db:${stack.region}:${stack.account}:dbuser:${resourceId}/${username}`,
  };
}

function secretStatements(stack: PlatformStack, { resource }: SecretName): readonly Statement[] {
  const key = stack.needKey("secrets");
  return [
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: resource },
    ...(key === null
      ? []
      : [
          {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: key,
            Condition: {
              StringEquals: { "kms:ViaService": `secretsmanager.${stack.region}.${stack.urlSuffix}` },
              StringLike: { "kms:EncryptionContext:SecretARN": resource },
            },
          } as const,
        ]),
  ];
}

/** The cache that tenants share; with a tenant, its keys begin with the tenant's id. */
export function sharedRedisAccess(
  stack: PlatformStack,
  store: RedisStore,
  tenantId: string | null,
): StoreAccess {
  return redisAccess(stack, store, tenantId, {
    endpoint: stack.need(`stores/${store.name}/endpoint`),
    clientSecurityGroup: stack.need(`stores/${store.name}/client-security-group`),
    secretArn: store.tls ? stack.need(`stores/${store.name}/secret-arn`) : null,
  });
}

export function redisAccess(
  stack: PlatformStack,
  store: RedisStore,
  tenantId: string | null,
  redis: {
    readonly endpoint: string;
    readonly clientSecurityGroup: string;
    readonly secretArn: string | null;
  },
): StoreAccess {
  const name = variable(store.name);
  const { endpoint, secretArn } = redis;
  const readSecret = secretArn === null ? [] : secretStatements(stack, exactSecret(secretArn));
  return {
    statements: readSecret,
    executionStatements: readSecret,
    environment: {
      [`${name}_HOST`]: endpoint,
      [`${name}_PORT`]: String(store.port),
      [`${name}_URL`]: `${store.tls ? "rediss" : "redis"}://${endpoint}:${store.port}`,
      ...(secretArn === null ? {} : { [`${name}_SECRET_ARN`]: secretArn }),
      ...(tenantId === null ? {} : { [`${name}_KEY_PREFIX`]: `${tenantId}:` }),
    },
    secrets: secretArn === null ? {} : { [`${name}_AUTH_TOKEN`]: `${secretArn}:${authTokenField}::` },
    securityGroups: [redis.clientSecurityGroup],
  };
}

/** The bucket that tenants share; with a tenant, only what begins with the tenant's id, as the runtime stores it. */
export function sharedBucketAccess(
  stack: PlatformStack,
  store: BucketStore,
  tenantId: string | null,
): StoreAccess {
  const bucket = stack.need(`stores/${store.name}/bucket`);
  return bucketAccess(stack, store, bucket, tenantId === null ? "" : `${tenantId}/`);
}

export function bucketAccess(
  stack: PlatformStack,
  store: BucketStore,
  bucket: string,
  prefix: string,
): StoreAccess {
  const name = variable(store.name);
  const arn = bucketArn(stack, bucket);
  const key = stack.needKey(`stores/${store.name}`);
  return {
    ...noAccess,
    statements: [
      {
        Effect: "Allow",
        Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: arn,
        ...(prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": `${prefix}*` } } }),
      },
      {
        Effect: "Allow",
        Action: [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ],
        Resource: `${arn}/${prefix}*`,
      },
      ...(key === null
        ? []
        : [
            {
              Effect: "Allow",
              Action: ["kms:Decrypt", "kms:GenerateDataKey"],
              Resource: key,
              Condition: forBucket(stack, stack.region, arn),
            } as const,
          ]),
    ],
    environment: {
      [`${name}_BUCKET`]: bucket,
      [`${name}_URL`]: `s3://${bucket}/${prefix}`,
      ...(prefix === "" ? {} : { [`${name}_PREFIX`]: prefix }),
    },
  };
}

/** "user-files" is USER_FILES. */
function variable(store: string): string {
  return store.toUpperCase().replaceAll("-", "_");
}
