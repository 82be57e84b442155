// Goal: tenants come, change and go without anybody else noticing, and an environment that is removed leaves nothing.
import { CloudFormationClient, paginateDescribeStacks, type Stack } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListClustersCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { HeadBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  type Definition,
  emptyLock,
  openDeployment,
  parseDefinition,
  place,
  resolve,
  type TenantId,
} from "@tenantry/model";
import { deploy, destroy, type DeployRequest, type ToolkitEvent } from "@tenantry/toolkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  artifactsFolder,
  emulatedAccount,
  type EmulatedAccount,
  emulator,
  fastSettings,
  synthesizeInto,
} from "../../test/aws/deployed-environment.ts";
import tenantSilos from "./tenantry.config.ts";

const documented = ["acme-corp", "globex-inc", "initech-llc"];

/** The document's platform with these tenants, and a service of this much memory. */
function definitionOf(tenants: readonly string[], memoryMiB = 2048): Definition {
  const { app } = (tenantSilos as unknown as { readonly services: { readonly app: object } }).services;
  return parseDefinition({
    ...tenantSilos,
    services: { app: { ...app, memoryMiB } },
    tenants: Object.fromEntries(tenants.map((id) => [id, "silo"])),
  });
}

class Deployed {
  readonly account: EmulatedAccount;
  readonly environment: string;
  readonly events: ToolkitEvent[] = [];
  readonly #folder: string;
  /** Tenants keep their slots, as in a lock that is checked in. */
  #lock = emptyLock;

  constructor(account: EmulatedAccount, environment: string, folder: string) {
    this.account = account;
    this.environment = environment;
    this.#folder = folder;
  }

  async deploy(
    tenants: readonly string[],
    more: { readonly memoryMiB?: number; readonly allow?: readonly string[] } = {},
  ) {
    const definition = definitionOf(tenants, more.memoryMiB);
    const { cells } = resolve(definition, this.environment, { lock: this.#lock, deployment: openDeployment });
    this.#lock = place(this.#lock, this.environment, tenants as readonly TenantId[], {
      capacity: cells.capacity,
    });
    const platform = resolve(definition, this.environment, { lock: this.#lock, deployment: openDeployment });
    const artifacts = await synthesizeInto(this.#folder, platform);
    this.events.length = 0;
    const ports = {
      ...(await this.account.ports()),
      onEvent: (event: ToolkitEvent) => this.events.push(event),
    };
    const request: DeployRequest = { artifacts, allow: more.allow, settings: fastSettings };
    return deploy(request, ports);
  }

  async destroy() {
    const request = { artifacts: this.#folder, confirm: this.environment, settings: fastSettings };
    return destroy(request, await this.account.ports());
  }

  async stacks(): Promise<readonly Stack[]> {
    const found: Stack[] = [];
    const client = this.account.client(CloudFormationClient);
    for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) found.push(...Stacks);
    return found;
  }

  /** When each stack was changed last. */
  async changedAt(): Promise<ReadonlyMap<string, number>> {
    const stacks = await this.stacks();
    return new Map(
      stacks.map(({ StackName, CreationTime, LastUpdatedTime }) => [
        StackName ?? "",
        (LastUpdatedTime ?? CreationTime)?.getTime() ?? 0,
      ]),
    );
  }
}

/** A cluster that was deleted can be seen for a while, as INACTIVE. */
async function activeClusters(account: EmulatedAccount): Promise<readonly (string | undefined)[]> {
  const ecs = account.client(ECSClient);
  const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
  if (clusterArns.length === 0) return [];
  const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: clusterArns }));
  return clusters.filter(({ status }) => status === "ACTIVE").map(({ clusterArn }) => clusterArn);
}

const outcomesOf = ({ stacks }: Awaited<ReturnType<Deployed["deploy"]>>) =>
  stacks.filter(({ outcome }) => outcome !== "unchanged").map(({ id, outcome }) => `${id} ${outcome}`);

describe.skipIf(emulator === null)("tenants of tenant-silos in production", () => {
  let deployed: Deployed;
  let folder: Awaited<ReturnType<typeof artifactsFolder>>;

  beforeAll(async () => {
    folder = await artifactsFolder();
    deployed = new Deployed(await emulatedAccount(), "production", folder.path);
    await deployed.deploy(documented);
  }, 240_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  test("S5.10 a tenant's logs are kept for 30 days in a group of its own", async () => {
    const logs = deployed.account.client(CloudWatchLogsClient);
    const { logGroups = [] } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/ecs/tenant/" }),
    );
    expect(logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays])).toEqual(
      documented.map((tenant) => [`/ecs/tenant/${tenant}/production`, 30]),
    );
    for (const { kmsKeyId } of logGroups) expect(kmsKeyId).toMatch(/^arn:aws:kms:us-east-1:/);
  });

  test("S5.18 each tenant has alarms, and the platform a dashboard that is there", async () => {
    const watch = deployed.account.client(CloudWatchClient);
    const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({}));
    for (const tenant of documented) {
      const own = MetricAlarms.filter(({ AlarmName }) => AlarmName?.includes(tenant));
      expect(own.length, tenant).toBeGreaterThanOrEqual(3);
    }
    const { DashboardEntries = [] } = await watch.send(new ListDashboardsCommand({}));
    expect(DashboardEntries.map(({ DashboardName }) => DashboardName).join()).toContain(
      "saas-platform-production",
    );
  });

  test("S5.17 one more tenant is one more stack, and no other is touched", async () => {
    const before = await deployed.changedAt();
    const result = await deployed.deploy([...documented, "umbrella-co"]);
    expect(outcomesOf(result)).toEqual(["tenant/umbrella-co created"]);
    const after = new Map(await deployed.changedAt());
    expect(after.delete("saas-platform-production-tenant-umbrella-co")).toBe(true);
    expect(after).toEqual(before);
    expect(result.outputs["umbrella_co_endpoint"]).toBe("https://umbrella-co.example.com");
  });

  test("S5.16 a tenant that is removed takes its stack along, and leaves its protected bucket, which is told", async () => {
    const before = await deployed.changedAt();
    const result = await deployed.deploy(documented, { allow: ["delete:tenant/umbrella-co"] });
    expect(outcomesOf(result)).toEqual(["tenant/umbrella-co deleted"]);
    const bucket = "saas-platform-umbrella-co-data-production";
    expect(result.kept.map(({ physicalId }) => physicalId)).toContain(bucket);
    await deployed.account.client(S3Client).send(new HeadBucketCommand({ Bucket: bucket }));
    const expected = new Map(before);
    expected.delete("saas-platform-production-tenant-umbrella-co");
    expect(await deployed.changedAt()).toEqual(expected);
  });

  test("S5.16 production runs with encryption, protection and a reader", async () => {
    const rds = deployed.account.client(RDSClient);
    const { DBClusters: [cluster] = [] } = await rds.send(new DescribeDBClustersCommand({}));
    expect(cluster).toMatchObject({ StorageEncrypted: true, DeletionProtection: true });
    expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toHaveLength(2);
    const shared = (await deployed.stacks()).filter(({ StackName }) => !StackName?.includes("-tenant-"));
    const unprotected = shared
      .filter(({ EnableTerminationProtection }) => EnableTerminationProtection !== true)
      .map(({ StackName }) => StackName)
      .filter((name) => !name?.startsWith("tenantry-"));
    expect(unprotected).toEqual([]);
  });
});

describe.skipIf(emulator === null)("the life of tenant-silos in development", () => {
  const twelve = Array.from({ length: 12 }, (_, index) => `tenant-${String(index + 1).padStart(2, "0")}`);
  let deployed: Deployed;
  let folder: Awaited<ReturnType<typeof artifactsFolder>>;

  beforeAll(async () => {
    folder = await artifactsFolder();
    deployed = new Deployed(await emulatedAccount(), "development", folder.path);
    await deployed.deploy(twelve);
  }, 240_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  test("a change of the tenants' template goes through twelve tenants in waves, and nowhere else", async () => {
    const result = await deployed.deploy(twelve, { memoryMiB: 4096 });
    expect(outcomesOf(result).sort()).toEqual(twelve.map((tenant) => `tenant/${tenant} updated`));
    const waves = deployed.events.filter(({ code }) => code === "TOOLKIT_WAVE_STARTED");
    expect(waves.length).toBeGreaterThanOrEqual(3);
    const ecs = deployed.account.client(ECSClient);
    for (const tenant of twelve) {
      const cluster = result.outputs["cluster_name"];
      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: [`${tenant}_app`] }),
      );
      const taskDefinition = services?.[0]?.taskDefinition;
      const task = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      expect(task.taskDefinition?.memory, tenant).toBe("4096");
    }
  });

  test("S5.16 destroying development leaves nothing but what is told", async () => {
    const { kept } = await deployed.destroy();
    expect(await deployed.stacks()).toEqual([]);
    expect(kept).toEqual([]);
    const { account } = deployed;
    const ec2 = account.client(EC2Client);
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
    const left = {
      vpcs: Vpcs.filter(({ IsDefault }) => IsDefault !== true),
      gateways: NatGateways.filter(({ State }) => State !== "deleted"),
      addresses: (await ec2.send(new DescribeAddressesCommand({}))).Addresses,
      databases: (await account.client(RDSClient).send(new DescribeDBClustersCommand({}))).DBClusters,
      buckets: (await account.client(S3Client).send(new ListBucketsCommand({}))).Buckets ?? [],
      secrets: (await account.client(SecretsManagerClient).send(new ListSecretsCommand({}))).SecretList,
      logs: (await account.client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}))).logGroups,
      clusters: await activeClusters(account),
      balancers: (
        await account.client(ElasticLoadBalancingV2Client).send(new DescribeLoadBalancersCommand({}))
      ).LoadBalancers,
      zones: (await account.client(Route53Client).send(new ListHostedZonesCommand({}))).HostedZones,
      roles: ((await account.client(IAMClient).send(new ListRolesCommand({}))).Roles ?? []).filter(
        ({ RoleName }) => RoleName?.startsWith("saas-platform"),
      ),
    };
    expect(left).toEqual(Object.fromEntries(Object.keys(left).map((name) => [name, []])));
  });
});
