import { assert } from "@tenantry/base";
import type { Platform, PlatformRegion, PlatformStore } from "@tenantry/model";
import { Fn } from "aws-cdk-lib";
import type { ReplicationTarget } from "../buckets/bucket-replication.ts";
import type { BucketStore } from "../buckets/bucket.ts";
import { rotationFunctionName } from "../databases/database-identifier.ts";
import type { DatabasePlace, DocumentStore, PostgresStore } from "../databases/database.ts";
import type { SecretReplica } from "../secrets/database-secret.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import type { KeyPurpose } from "../stack/stack-values.ts";

/** Whether anybody shares the store: always where there are no tiers, else where a tier has it as pool or bridge. */
export function isShared(platform: Platform, store: PlatformStore): boolean {
  if (store.kind === "bucket") return store.bucket !== null;
  const tiers = Object.values(platform.tiers);
  return tiers.length === 0 || tiers.some((tier) => tier.stores[store.name] !== "silo");
}

/** Whether a service that tenants share uses the shared database, or a tenant's service uses it without a user of its own. */
export function hasApplicationUser(
  platform: Platform,
  region: PlatformRegion,
  store: PlatformStore,
): boolean {
  const tiers = Object.values(platform.tiers);
  const users = Object.values(region.services).filter(({ uses }) => uses.includes(store.name));
  return (
    users.length > 0 &&
    (tiers.length === 0 ||
      tiers.some(
        (tier) =>
          tier.stores[store.name] === "pool" || users.some(({ name }) => tier.services[name] === "pool"),
      ))
  );
}

function needKeyElsewhere(stack: PlatformStack, purpose: KeyPurpose, region: string): string | null {
  if (stack.site.platform.encryption.keys === "aws-managed") return null;
  return stack.need(`keys/${purpose}`, region);
}

/** ARN of the boundary that no role of the platform can leave; null without one. */
export function permissionsBoundary(stack: PlatformStack): string | null {
  return stack.site.platform.identity.deployment.permissionsBoundary
    ? stack.need("identity/permissions-boundary-arn")
    : null;
}

/** Where credentials are copied to, so that they are there when the recovery region takes over. */
export function secretReplicas(stack: PlatformStack): readonly SecretReplica[] {
  const { platform, role } = stack.site;
  if (role === "recovery" || platform.recovery === null) return [];
  const { region } = platform.recovery;
  return [{ region, keyArn: needKeyElsewhere(stack, "secrets", region) }];
}

/**
 * Where a shared bucket is copied to; null for a bucket that is not, and for the copy itself. The copy's stack hands over its
 * name, so this stack waits until the copy is there, as S3 wants it.
 */
export function replicationTarget(stack: PlatformStack, store: BucketStore): ReplicationTarget | null {
  const { platform, role } = stack.site;
  if (role === "recovery" || platform.recovery === null || store.replication === null) return null;
  const { region } = platform.recovery;
  return {
    bucket: stack.need(`stores/${store.name}/bucket`, region),
    region,
    keyArn: needKeyElsewhere(stack, `stores/${store.name}`, region),
    deletions: store.replication.deletions,
  };
}

/** The ARN that a copy of a secret has in the stack's region, from that of the secret: only the region differs. */
export function copiedSecretArn(stack: PlatformStack, primaryArn: string): string {
  const resource = Fn.select(6, Fn.split(":", primaryArn));
  return `arn:${stack.partition}:secretsmanager:${stack.region}:${stack.account}:secret:${resource}`;
}

/** Where the logs of stores go. */
export function storeLogs(stack: PlatformStack): DatabasePlace["logs"] {
  return {
    keyArn: stack.needKey("logs"),
    retentionDays: stack.site.platform.observability.logs.retentionDays,
  };
}

/** Where a database of the stack stands, and where its data come from. */
export function databasePlace(
  stack: PlatformStack,
  store: PostgresStore | DocumentStore,
  identifier: string,
  masterSecret: string,
): DatabasePlace {
  const { platform } = stack.site;
  return {
    identifier,
    vpcId: stack.need("network/vpc-id"),
    subnetIds: stack.needList(`network/subnets/${store.subnets}`),
    keyArn: stack.needKey(`stores/${store.name}`),
    logs: storeLogs(stack),
    permissionsBoundaryArn: permissionsBoundary(stack),
    dataProtection: platform.dataProtection,
    origin: originOf(stack, store, identifier, masterSecret),
  };
}

function originOf(
  stack: PlatformStack,
  store: PostgresStore | DocumentStore,
  identifier: string,
  masterSecret: string,
): DatabasePlace["origin"] {
  const { platform, role, region } = stack.site;
  const follows = store.replication !== "none" && store.replication !== "backup-copy";
  if (role === "recovery") {
    assert(
      follows,
      `nothing follows the database ${store.name}, so it does not stand in the recovery region`,
    );
    return { kind: "follower", identifier, region: platform.region };
  }
  const isInstance = store.kind === "postgres" && store.engine === "rds";
  // The subnets of a database may have no way to Secrets Manager; those of services do.
  const services = (["private", "app", "web"] as const).find(
    (group) => region.network.subnets[group] !== undefined,
  );
  return {
    kind: "new",
    masterSecret: {
      name: masterSecret,
      keyArn: stack.needKey("secrets"),
      replicas: secretReplicas(stack),
    },
    rotation: {
      functionName: rotationFunctionName(identifier),
      subnetIds: stack.needList(`network/subnets/${services ?? store.subnets}`),
    },
    globalIdentifier: follows && !isInstance ? identifier : null,
  };
}
