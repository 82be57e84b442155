import type { CfnResource } from "aws-cdk-lib";
import {
  CfnDBCluster,
  CfnDBClusterParameterGroup,
  CfnDBInstance,
  CfnDBSubnetGroup,
  CfnGlobalCluster,
} from "aws-cdk-lib/aws-rds";
import { Construct } from "constructs";
import type { MasterCredentials } from "../secrets/master-credentials.ts";
import { protectData } from "../stack/data-protection.ts";
import { DatabaseLogs } from "./database-logs.ts";
import { acknowledgeChoices } from "./acknowledged-choices.ts";
import type { Database, DatabasePlace, PostgresStore } from "./database.ts";
import { guardDatabase, keepingOf, masterOf } from "./guard-database.ts";
import { majorOf, postgresParameters } from "./postgres-parameters.ts";
import { watchDatabase } from "./watch-database.ts";

export interface AuroraPostgresProps extends DatabasePlace {
  readonly store: PostgresStore;
}

const engine = "aurora-postgresql";

/**
 * Aurora PostgreSQL: a cluster with its writer and its readers.
 *
 * Across regions Aurora PostgreSQL follows as a global database and in no other way
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Replication.html), so "replica" is one as well.
 */
export class AuroraPostgres extends Construct implements Database {
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly clientSecurityGroup: string;
  readonly masterSecretArn: string | null;
  readonly rotation: readonly CfnResource[];

  constructor(scope: Construct, id: string, props: AuroraPostgresProps) {
    super(scope, id);
    const { origin, vpcId } = props;
    const { groups, credentials } = guardDatabase(this, props);
    const cluster = this.#cluster(props, groups.storeGroup, credentials);
    const instances = this.#instances(props, cluster);
    if (origin.kind === "new" && origin.globalIdentifier !== null) {
      const global = new CfnGlobalCluster(this, "Global", {
        globalClusterIdentifier: origin.globalIdentifier,
        sourceDbClusterIdentifier: cluster.attrDbClusterArn,
        deletionProtection: props.dataProtection === "protected",
      });
      protectData(global, props.dataProtection, "retain");
    }
    const rotation = credentials?.attach(
      { id: cluster.ref, type: "AWS::RDS::DBCluster" },
      {
        type: "PostgreSQLSingleUser",
        vpcId,
        clientSecurityGroup: groups.clientGroup,
        after: instances,
      },
    );
    this.endpoint = cluster.attrEndpointAddress;
    this.readerEndpoint = cluster.attrReadEndpointAddress;
    this.identifier = cluster.ref;
    this.resourceId = cluster.attrDbClusterResourceId;
    this.arn = cluster.attrDbClusterArn;
    this.clientSecurityGroup = groups.clientGroup;
    this.masterSecretArn = credentials?.secret.arn ?? null;
    this.rotation = rotation ?? [];
  }

  #cluster(
    props: AuroraPostgresProps,
    securityGroup: string,
    credentials: MasterCredentials | null,
  ): CfnDBCluster {
    const { store, identifier, origin } = props;
    const parameters = new CfnDBClusterParameterGroup(this, "Parameters", {
      description: `Parameters of the database ${store.name}`,
      family: `${engine}${majorOf(store.version)}`,
      parameters: postgresParameters(store),
    });
    const subnets = new CfnDBSubnetGroup(this, "Subnets", {
      dbSubnetGroupDescription: `Subnets of the database ${store.name}`,
      subnetIds: [...props.subnetIds],
    });
    const logs = new DatabaseLogs(this, "Logs", {
      ...props.logs,
      prefix: `/aws/rds/cluster/${identifier}`,
      exports: ["postgresql"],
      dataProtection: props.dataProtection,
    });
    const isProtected = props.dataProtection === "protected";
    const cluster = new CfnDBCluster(this, "Cluster", {
      dbClusterIdentifier: identifier,
      engine,
      engineVersion: store.version,
      ...(origin.kind === "follower"
        ? { globalClusterIdentifier: origin.identifier, sourceRegion: origin.region }
        : {
            databaseName: store.database,
            ...masterOf(credentials),
          }),
      port: store.port,
      dbSubnetGroupName: subnets.ref,
      vpcSecurityGroupIds: [securityGroup],
      dbClusterParameterGroupName: parameters.ref,
      ...keepingOf(props),
      enableIamDatabaseAuthentication: store.iamAuthentication,
      enableCloudwatchLogsExports: ["postgresql"],
      deleteAutomatedBackups: !isProtected,
      autoMinorVersionUpgrade: true,
    });
    for (const group of logs.groups) cluster.addResourceDependency(group);
    protectData(cluster, props.dataProtection, "snapshot");
    acknowledgeChoices(cluster, store, isProtected);
    return cluster;
  }

  #instances(props: AuroraPostgresProps, cluster: CfnDBCluster): readonly CfnDBInstance[] {
    const { store } = props;
    const watched = watchDatabase(this, props);
    return Array.from({ length: store.instances }, (_, index) => {
      const instance = new CfnDBInstance(this, `Instance${index + 1}`, {
        dbInstanceIdentifier: `${props.identifier}-${index + 1}`,
        dbClusterIdentifier: cluster.ref,
        engine,
        dbInstanceClass: store.instance,
        // The first is the writer, and the second the first to take over from it.
        promotionTier: Math.min(index, 15),
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        copyTagsToSnapshot: true,
        ...watched,
      });
      return instance;
    });
  }
}
