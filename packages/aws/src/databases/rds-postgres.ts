import { type CfnResource, Stack } from "aws-cdk-lib";
import {
  CfnDBInstance,
  type CfnDBInstanceProps,
  CfnDBParameterGroup,
  CfnDBSubnetGroup,
} from "aws-cdk-lib/aws-rds";
import { Construct } from "constructs";
import { acknowledge } from "../stack/acknowledge.ts";
import { protectData } from "../stack/data-protection.ts";
import { acknowledgeChoices } from "./acknowledged-choices.ts";
import { DatabaseLogs } from "./database-logs.ts";
import type { Database, DatabaseOrigin, DatabasePlace, PostgresStore } from "./database.ts";
import { guardDatabase, masterOf } from "./guard-database.ts";
import { majorOf, postgresParameters } from "./postgres-parameters.ts";
import { watchDatabase } from "./watch-database.ts";

export interface RdsPostgresProps extends DatabasePlace {
  readonly store: PostgresStore;
}

type Follower = Extract<DatabaseOrigin, { kind: "follower" }>;

const logExports = ["postgresql", "upgrade"];

/**
 * RDS for PostgreSQL: an instance, a standby in another zone where the store has one, and a read replica for
 * each further instance. A follower is a read replica of an instance of another region.
 */
export class RdsPostgres extends Construct implements Database {
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly clientSecurityGroup: string;
  readonly masterSecretArn: string | null;
  readonly rotation: readonly CfnResource[];

  constructor(scope: Construct, id: string, props: RdsPostgresProps) {
    super(scope, id);
    const { store, origin, vpcId } = props;
    const { groups, credentials } = guardDatabase(this, props);
    const shared = this.#shared(props, groups.storeGroup);
    const follower = origin.kind === "follower" ? this.#following(origin, props.keyArn) : null;
    const first = this.#instance(props, 1, {
      ...shared,
      multiAz: store.multiAz,
      backupRetentionPeriod: store.backups.retentionDays,
      preferredBackupWindow: store.backups.window,
      deletionProtection: props.dataProtection === "protected",
      deleteAutomatedBackups: props.dataProtection !== "protected",
      ...(follower ?? {
        dbName: store.database,
        ...masterOf(credentials),
        engine: "postgres",
        engineVersion: store.version,
        allocatedStorage: String(store.storage.sizeGiB),
        storageEncrypted: true,
        ...(props.keyArn === null ? {} : { kmsKeyId: props.keyArn }),
      }),
    });
    // RDS takes no last snapshot of a replica.
    protectData(first, props.dataProtection, follower === null ? "snapshot" : "retain");
    const replicas = Array.from({ length: store.instances - 1 }, (_, index) =>
      this.#replica(props, index + 2, {
        ...shared,
        ...(follower ?? { sourceDbInstanceIdentifier: first.ref }),
      }),
    );
    acknowledgeChoices(first, store, props.dataProtection === "protected");
    if (follower !== null) acknowledgeEncryption(first);
    if (!store.multiAz)
      acknowledge(first, "AwsSolutions-RDS3", "The definition has no standby in another zone.");
    const rotation = credentials?.attach(
      { id: first.ref, type: "AWS::RDS::DBInstance" },
      { type: "PostgreSQLSingleUser", vpcId, clientSecurityGroup: groups.clientGroup, after: [first] },
    );
    this.endpoint = first.attrEndpointAddress;
    this.readerEndpoint = (replicas[0] ?? first).attrEndpointAddress;
    this.identifier = first.ref;
    this.resourceId = first.attrDbiResourceId;
    this.arn = first.attrDbInstanceArn;
    this.clientSecurityGroup = groups.clientGroup;
    this.masterSecretArn = credentials?.secret.arn ?? null;
    this.rotation = rotation ?? [];
  }

  /** What the instance and its replicas have in common. */
  #shared(props: RdsPostgresProps, securityGroup: string): CfnDBInstanceProps {
    const { store } = props;
    const parameters = new CfnDBParameterGroup(this, "Parameters", {
      description: `Parameters of the database ${store.name}`,
      family: `postgres${majorOf(store.version)}`,
      parameters: postgresParameters(store),
    });
    const subnets = new CfnDBSubnetGroup(this, "Subnets", {
      dbSubnetGroupDescription: `Subnets of the database ${store.name}`,
      subnetIds: [...props.subnetIds],
    });
    const { sizeGiB, sizeGiBMax, type } = store.storage;
    return {
      dbInstanceClass: store.instance,
      dbSubnetGroupName: subnets.ref,
      dbParameterGroupName: parameters.ref,
      vpcSecurityGroups: [securityGroup],
      port: String(store.port),
      publiclyAccessible: false,
      storageType: type,
      // io2 wants a number: half an operation a second for each GiB at the least.
      ...(type === "io2" ? { iops: Math.max(3000, Math.ceil(sizeGiB / 2)) } : {}),
      ...(sizeGiBMax > sizeGiB ? { maxAllocatedStorage: sizeGiBMax } : {}),
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
      enableIamDatabaseAuthentication: store.iamAuthentication,
      enableCloudwatchLogsExports: logExports,
      ...watchDatabase(this, props),
    };
  }

  #instance(props: RdsPostgresProps, number: number, settings: CfnDBInstanceProps): CfnDBInstance {
    const identifier = number === 1 ? props.identifier : `${props.identifier}-${number}`;
    const logs = new DatabaseLogs(this, number === 1 ? "Logs" : `Replica${number}Logs`, {
      ...props.logs,
      prefix: `/aws/rds/instance/${identifier}`,
      exports: logExports,
      dataProtection: props.dataProtection,
    });
    const instance = new CfnDBInstance(this, number === 1 ? "Instance" : `Replica${number}`, {
      ...settings,
      dbInstanceIdentifier: identifier,
    });
    for (const group of logs.groups) instance.addResourceDependency(group);
    return instance;
  }

  #replica(props: RdsPostgresProps, number: number, settings: CfnDBInstanceProps): CfnDBInstance {
    const replica = this.#instance(props, number, settings);
    // It holds nothing that the first instance does not.
    protectData(replica, "disposable", "retain");
    acknowledgeChoices(replica, props.store, false);
    acknowledgeEncryption(replica);
    acknowledge(replica, "AwsSolutions-RDS3", "The instance that it follows has the standby.");
    return replica;
  }

  /** A replica is encrypted as its source is; in another region it must name a key of that region, even AWS's own. */
  #following(origin: Follower, keyArn: string | null): CfnDBInstanceProps {
    const { partition, account } = Stack.of(this);
    return {
      sourceDbInstanceIdentifier: `arn:${partition}:rds:${origin.region}:${account}:db:${origin.identifier}`,
      sourceRegion: origin.region,
      kmsKeyId: keyArn ?? "alias/aws/rds",
    };
  }
}

function acknowledgeEncryption(replica: CfnDBInstance): void {
  acknowledge(replica, "AwsSolutions-RDS2", "A replica is encrypted as its source is, and may not say so.");
}
