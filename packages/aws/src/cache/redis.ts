import type { Platform, PlatformStore } from "@tenantry/model";
import {
  CfnParameterGroup,
  CfnReplicationGroup,
  type CfnReplicationGroupProps,
  CfnSubnetGroup,
} from "aws-cdk-lib/aws-elasticache";
import { Construct } from "constructs";
import { DatabaseLogs } from "../databases/database-logs.ts";
import { StoreSecurityGroups } from "../databases/store-security-groups.ts";
import { DatabaseSecret } from "../secrets/database-secret.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { protectData } from "../stack/data-protection.ts";

export type RedisStore = Extract<PlatformStore, { kind: "redis" }>;

export interface RedisProps {
  readonly store: RedisStore;
  /** What people find its logs by; may hold tokens. */
  readonly identifier: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** ARN of the key for data and snapshots; null takes AWS's own. */
  readonly keyArn: string | null;
  /** Name and key of the secret with the auth token, which there is with TLS only. */
  readonly secret: { readonly name: string; readonly keyArn: string | null };
  readonly logs: { readonly keyArn: string | null; readonly retentionDays: number };
  readonly dataProtection: Platform["dataProtection"];
}

/** The field of the secret that holds the auth token. */
export const authTokenField = "token";

/** ElastiCache for Redis OSS or Valkey: one replication group, with shards in cluster mode. */
export class Redis extends Construct {
  /** Host of the configuration endpoint in cluster mode, else of the primary. */
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly identifier: string;
  readonly arn: string;
  readonly clientSecurityGroup: string;
  /** Null without TLS, where ElastiCache takes no token. */
  readonly secretArn: string | null;

  constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id);
    const { store } = props;
    const groups = new StoreSecurityGroups(this, "Network", {
      vpcId: props.vpcId,
      what: `the cache ${store.name}`,
      port: store.port,
    });
    const token = store.tls ? this.#token(props) : null;
    const { family, version } = engineOf(store);
    const parameters = new CfnParameterGroup(this, "Parameters", {
      description: `Parameters of the cache ${store.name}`,
      cacheParameterGroupFamily: family,
      properties: {
        "maxmemory-policy": store.eviction,
        "cluster-enabled": store.clusterMode ? "yes" : "no",
      },
    });
    const subnets = new CfnSubnetGroup(this, "Subnets", {
      description: `Subnets of the cache ${store.name}`,
      subnetIds: [...props.subnetIds],
    });
    const group = new CfnReplicationGroup(this, "ReplicationGroup", {
      replicationGroupDescription: props.identifier,
      engine: store.engine,
      engineVersion: version,
      cacheNodeType: store.instance,
      ...nodesOf(store),
      multiAzEnabled: store.multiAz,
      port: store.port,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [groups.storeGroup],
      cacheParameterGroupName: parameters.ref,
      atRestEncryptionEnabled: true,
      ...(props.keyArn === null ? {} : { kmsKeyId: props.keyArn }),
      transitEncryptionEnabled: store.tls,
      ...(token === null ? {} : { transitEncryptionMode: "required", authToken: token.reference() }),
      snapshotRetentionLimit: store.snapshotRetentionDays,
      autoMinorVersionUpgrade: true,
      logDeliveryConfigurations: this.#logs(props),
    });
    protectData(group, props.dataProtection, "snapshot");
    acknowledgeChoices(group, store);
    this.endpoint = store.clusterMode
      ? group.attrConfigurationEndPointAddress
      : group.attrPrimaryEndPointAddress;
    this.readerEndpoint = store.clusterMode ? this.endpoint : group.attrReaderEndPointAddress;
    this.identifier = group.ref;
    const { partition, region, account } = group.stack;
    this.arn = `arn:${partition}:elasticache:${region}:${account}:replicationgroup:${group.ref}`;
    this.clientSecurityGroup = groups.clientGroup;
    this.secretArn = token?.arn ?? null;
  }

  #token({ store, secret, dataProtection }: RedisProps): DatabaseSecret {
    const token = new DatabaseSecret(this, "Token", {
      ...secret,
      description: `Auth token of the cache ${store.name}`,
      replicas: [],
      dataProtection,
      content: {},
      generated: authTokenField,
    });
    acknowledge(
      token.resource,
      "AwsSolutions-SMG4",
      "Secrets Manager has no function that rotates the token of ElastiCache; a deployment changes it.",
    );
    return token;
  }

  #logs(props: RedisProps): CfnReplicationGroup.LogDeliveryConfigurationRequestProperty[] {
    const logs = new DatabaseLogs(this, "Logs", {
      ...props.logs,
      // Log delivery writes into groups of this prefix without a resource policy that grows with their number.
      prefix: `/aws/vendedlogs/elasticache/${props.identifier}`,
      exports: ["slow-log", "engine-log"],
      dataProtection: props.dataProtection,
    });
    return logs.groups.map((group, index) => ({
      logType: index === 0 ? "slow-log" : "engine-log",
      logFormat: "json",
      destinationType: "cloudwatch-logs",
      destinationDetails: { cloudWatchLogsDetails: { logGroup: group.ref } },
    }));
  }
}

function nodesOf({ nodes, shards, clusterMode }: RedisStore): Partial<CfnReplicationGroupProps> {
  return clusterMode
    ? {
        numNodeGroups: shards,
        replicasPerNodeGroup: nodes / shards - 1,
        // Cluster mode is not to be had without.
        automaticFailoverEnabled: true,
      }
    : { numCacheClusters: nodes, automaticFailoverEnabled: nodes > 1 };
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html, read 2026-08-14 */
const newestMinor: Readonly<Record<string, string>> = {
  "redis 6": "6.2",
  "redis 7": "7.1",
  "valkey 7": "7.2",
  "valkey 8": "8.0",
};

function engineOf({ engine, version }: RedisStore): { readonly family: string; readonly version: string } {
  const major = version.split(".", 1)[0] ?? version;
  return {
    family: engine === "redis" && major === "6" ? "redis6.x" : `${engine}${major}`,
    version: newestMinor[`${engine} ${version}`] ?? version,
  };
}

function acknowledgeChoices(group: CfnReplicationGroup, store: RedisStore): void {
  if (!store.multiAz)
    acknowledge(group, "AwsSolutions-AEC4", "The definition has no standby of this cache in another zone.");
  if (store.port === 6379)
    acknowledge(
      group,
      "AwsSolutions-AEC5",
      "Only carriers of the client security group reach the port, whichever it is.",
    );
  if (!store.tls) {
    const reason = "The definition takes connections to this cache without TLS.";
    acknowledge(group, "AwsSolutions-AEC3", reason);
    acknowledge(group, "AwsSolutions-AEC6", reason);
  }
}
