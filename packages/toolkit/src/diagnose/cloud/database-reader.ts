import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSubnetGroupsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { DatabaseSnapshot } from "../snapshot.ts";
import { caller, orMissing, present, type Reading } from "./reading.ts";

type ReadDatabase = (kind: DatabaseSnapshot["kind"], id: string) => Promise<DatabaseSnapshot | null>;

export function databaseReader(reading: Reading): ReadDatabase {
  const client = new RDSClient(reading.config);
  const run = caller(reading, "rds");
  const subnetsOf = async (DBSubnetGroupName: string): Promise<readonly string[]> => {
    const ask = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName });
    const answer = await run("DescribeDBSubnetGroups", () =>
      orMissing(client.send(ask), "DBSubnetGroupNotFound"),
    );
    return present(answer?.DBSubnetGroups?.[0]?.Subnets?.map(({ SubnetIdentifier }) => SubnetIdentifier));
  };
  return async (kind, id) => {
    if (kind === "cluster") {
      const ask = new DescribeDBClustersCommand({ DBClusterIdentifier: id });
      const answer = await run("DescribeDBClusters", () => orMissing(client.send(ask), "DBClusterNotFound"));
      const one = answer?.DBClusters?.[0];
      return one === undefined ? null : clusterOf(one, await subnetsOf(one.DBSubnetGroup ?? ""));
    }
    const ask = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
    const answer = await run("DescribeDBInstances", () => orMissing(client.send(ask), "DBInstanceNotFound"));
    const one = answer?.DBInstances?.[0];
    return one === undefined ? null : instanceOf(one);
  };
}

function clusterOf(cluster: DBCluster, subnets: readonly string[]): DatabaseSnapshot {
  return {
    id: cluster.DBClusterIdentifier ?? "",
    kind: "cluster",
    engine: cluster.Engine ?? "",
    status: cluster.Status ?? "",
    endpoint: cluster.Endpoint ?? null,
    port: cluster.Port ?? null,
    securityGroups: present(cluster.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId)),
    subnets,
    masterSecret: secretOf(cluster.MasterUserSecret),
  };
}

function instanceOf(instance: DBInstance): DatabaseSnapshot {
  return {
    id: instance.DBInstanceIdentifier ?? "",
    kind: "instance",
    engine: instance.Engine ?? "",
    status: instance.DBInstanceStatus ?? "",
    endpoint: instance.Endpoint?.Address ?? null,
    port: instance.Endpoint?.Port ?? null,
    securityGroups: present(instance.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId)),
    subnets: present(instance.DBSubnetGroup?.Subnets?.map(({ SubnetIdentifier }) => SubnetIdentifier)),
    masterSecret: secretOf(instance.MasterUserSecret),
  };
}

function secretOf(secret: DBCluster["MasterUserSecret"]): DatabaseSnapshot["masterSecret"] {
  return secret?.SecretArn === undefined
    ? null
    : { arn: secret.SecretArn, status: secret.SecretStatus ?? "active" };
}
