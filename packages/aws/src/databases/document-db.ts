import type { CfnResource } from "aws-cdk-lib";
import {
  CfnDBCluster,
  CfnDBClusterParameterGroup,
  CfnDBInstance,
  CfnDBSubnetGroup,
  CfnGlobalCluster,
} from "aws-cdk-lib/aws-docdb";
import { Construct } from "constructs";
import type { MasterCredentials } from "../secrets/master-credentials.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { protectData } from "../stack/data-protection.ts";
import { DatabaseLogs } from "./database-logs.ts";
import type { Database, DatabasePlace, DocumentStore } from "./database.ts";
import { guardDatabase, keepingOf, masterOf } from "./guard-database.ts";

export interface DocumentDbProps extends DatabasePlace {
  readonly store: DocumentStore;
}

const logExports = ["audit", "profiler"];

/** Amazon DocumentDB: a cluster, its instances, and its place in a global cluster. */
export class DocumentDb extends Construct implements Database {
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly clientSecurityGroup: string;
  readonly masterSecretArn: string | null;
  readonly rotation: readonly CfnResource[];

  constructor(scope: Construct, id: string, props: DocumentDbProps) {
    super(scope, id);
    const { store, origin, identifier, vpcId } = props;
    const { groups, credentials } = guardDatabase(this, props);
    const cluster = this.#cluster(props, groups.storeGroup, credentials);
    const instances = Array.from(
      { length: store.instances },
      (_, index) =>
        new CfnDBInstance(this, `Instance${index + 1}`, {
          dbInstanceIdentifier: `${identifier}-${index + 1}`,
          dbClusterIdentifier: cluster.ref,
          dbInstanceClass: store.instance,
          autoMinorVersionUpgrade: true,
        }),
    );
    this.arn = `arn:${cluster.stack.partition}:rds:${cluster.stack.region}:${cluster.stack.account}:cluster:${identifier}`;
    if (origin.kind === "new" && origin.globalIdentifier !== null) {
      const global = new CfnGlobalCluster(this, "Global", {
        globalClusterIdentifier: origin.globalIdentifier,
        sourceDbClusterIdentifier: this.arn,
        deletionProtection: props.dataProtection === "protected",
      });
      // The ARN is made of the name, so CloudFormation does not see that it needs the cluster.
      global.addResourceDependency(cluster);
      protectData(global, props.dataProtection, "retain");
    }
    const rotation = credentials?.attach(
      { id: cluster.ref, type: "AWS::DocDB::DBCluster" },
      { type: "MongoDBSingleUser", vpcId, clientSecurityGroup: groups.clientGroup, after: instances },
    );
    this.endpoint = cluster.attrEndpoint;
    this.readerEndpoint = cluster.attrReadEndpoint;
    this.identifier = cluster.ref;
    this.resourceId = cluster.attrClusterResourceId;
    this.clientSecurityGroup = groups.clientGroup;
    this.masterSecretArn = credentials?.secret.arn ?? null;
    this.rotation = rotation ?? [];
  }

  #cluster(
    props: DocumentDbProps,
    securityGroup: string,
    credentials: MasterCredentials | null,
  ): CfnDBCluster {
    const { store, identifier, origin } = props;
    const parameters = new CfnDBClusterParameterGroup(this, "Parameters", {
      description: `Parameters of the document database ${store.name}`,
      family: `docdb${familyOf(store.version)}`,
      parameters: {
        tls: store.tls === "required" ? "enabled" : "disabled",
        audit_logs: "enabled",
        profiler: "enabled",
      },
    });
    const subnets = new CfnDBSubnetGroup(this, "Subnets", {
      dbSubnetGroupDescription: `Subnets of the document database ${store.name}`,
      subnetIds: [...props.subnetIds],
    });
    const logs = new DatabaseLogs(this, "Logs", {
      ...props.logs,
      prefix: `/aws/docdb/${identifier}`,
      exports: logExports,
      dataProtection: props.dataProtection,
    });
    const cluster = new CfnDBCluster(this, "Cluster", {
      dbClusterIdentifier: identifier,
      engineVersion: versionOf(store.version),
      ...(origin.kind === "follower"
        ? { globalClusterIdentifier: origin.identifier }
        : masterOf(credentials)),
      port: store.port,
      dbSubnetGroupName: subnets.ref,
      vpcSecurityGroupIds: [securityGroup],
      dbClusterParameterGroupName: parameters.ref,
      ...keepingOf(props),
      enableCloudwatchLogsExports: logExports,
    });
    for (const group of logs.groups) cluster.addResourceDependency(group);
    protectData(cluster, props.dataProtection, "snapshot");
    acknowledge(
      cluster,
      "AwsSolutions-DOC3",
      "The password is a reference to the secret; the rule cannot read one that names the secret by its ARN.",
    );
    for (const what of ["authenticate", "createIndex", "dropCollection"])
      acknowledge(
        cluster,
        `AwsSolutions-DOC5[LogExport::${what}]`,
        'These are events in the log "audit", which is exported; DocumentDB has no logs of these names.',
      );
    if (store.port === 27_017)
      acknowledge(
        cluster,
        "AwsSolutions-DOC2",
        "Only carriers of the client security group reach the port, whichever it is.",
      );
    return cluster;
  }
}

/** "5.0.0" is of the family "5.0". */
function familyOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** DocumentDB writes versions with three numbers. */
function versionOf(version: string): string {
  return version.split(".").length === 2 ? `${version}.0` : version;
}
