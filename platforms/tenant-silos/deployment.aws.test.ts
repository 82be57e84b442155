// Goal: what the document asks for is there after "tenantry deploy development", as AWS's own API tells it.
import { join } from "node:path";
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  artifactsFolder,
  emulatedAccount,
  type EmulatedAccount,
  emulator,
  standInTypes,
} from "../../test/aws/deployed-environment.ts";
import {
  DeployedTenants,
  first,
  listOf,
  nameOfArn,
  type Statement,
  statementsOf,
} from "./deployed-tenants.ts";

const config = join(import.meta.dirname, "tenantry.config.ts");
const tenants = ["acme-corp", "globex-inc", "initech-llc"] as const;

let account: EmulatedAccount;
let folder: Awaited<ReturnType<typeof artifactsFolder>>;
let outputs: Readonly<Record<string, string>>;
let deployed: DeployedTenants;
let ec2: EC2Client;
let elb: ElasticLoadBalancingV2Client;

async function loadBalancer() {
  const answer = await elb.send(new DescribeLoadBalancersCommand({}));
  return first(answer.LoadBalancers);
}

describe.skipIf(emulator === null)("tenant-silos in development, deployed", () => {
  beforeAll(async () => {
    account = await emulatedAccount();
    folder = await artifactsFolder();
    const file = join(folder.path, "outputs.json");
    const artifacts = join(folder.path, "artifacts");
    await account.tenantry("synth", "development", "--config", config, "--out", artifacts);
    const told = await account.tenantry(
      "deploy",
      "development",
      "--config",
      config,
      "--artifacts",
      artifacts,
      "--yes",
      "--json",
      "--outputs",
      file,
    );
    outputs = (await folder.json("outputs.json")) as typeof outputs;
    expect(JSON.parse(told)).toMatchObject({ account: account.id, outputs });
    ec2 = account.client(EC2Client);
    deployed = new DeployedTenants(account, outputs["cluster_name"] ?? "");
    elb = account.client(ElasticLoadBalancingV2Client);
  }, 240_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  test("S5.01 the network has the document's ranges, names in DNS, and a NAT gateway in each zone", async () => {
    const vpc = first((await ec2.send(new DescribeVpcsCommand({ VpcIds: [outputs["vpc_id"] ?? ""] }))).Vpcs);
    expect(vpc.CidrBlock).toBe("10.0.0.0/16");
    for (const Attribute of ["enableDnsSupport", "enableDnsHostnames"] as const) {
      const answer = await ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpc.VpcId, Attribute }));
      expect([answer.EnableDnsSupport?.Value, answer.EnableDnsHostnames?.Value]).toContain(true);
    }
    const Filters = [{ Name: "vpc-id", Values: [vpc.VpcId ?? ""] }];
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    const table = Subnets.map((one) => [one.AvailabilityZone, one.CidrBlock, one.MapPublicIpOnLaunch]);
    expect(table.map(([zone, cidr]) => `${zone} ${cidr}`).sort()).toEqual([
      "us-east-1a 10.0.1.0/24",
      "us-east-1a 10.0.11.0/24",
      "us-east-1b 10.0.12.0/24",
      "us-east-1b 10.0.2.0/24",
      "us-east-1c 10.0.13.0/24",
      "us-east-1c 10.0.3.0/24",
    ]);
    const gateways = (await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }))).NatGateways ?? [];
    const zoneOf = (id: string | undefined) =>
      Subnets.find(({ SubnetId }) => SubnetId === id)?.AvailabilityZone;
    expect(gateways.map(({ SubnetId }) => zoneOf(SubnetId)).sort()).toEqual([
      "us-east-1a",
      "us-east-1b",
      "us-east-1c",
    ]);
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
    for (const subnet of Subnets) {
      const own = RouteTables.find(({ Associations }) =>
        Associations?.some(({ SubnetId }) => SubnetId === subnet.SubnetId),
      );
      const out = own?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");
      if (subnet.CidrBlock?.startsWith("10.0.1") && subnet.CidrBlock !== "10.0.1.0/24") {
        const gateway = gateways.find(({ NatGatewayId }) => NatGatewayId === out?.NatGatewayId);
        expect(zoneOf(gateway?.SubnetId), subnet.CidrBlock).toBe(subnet.AvailabilityZone);
      } else expect(out?.GatewayId, subnet.CidrBlock).toMatch(/^igw-/);
    }
  });

  test("S5.02 the cluster is Aurora PostgreSQL 15.8 with the database saasdb and one writer", async () => {
    const rds = account.client(RDSClient);
    const cluster = first((await rds.send(new DescribeDBClustersCommand({}))).DBClusters);
    expect(cluster).toMatchObject({
      Engine: "aurora-postgresql",
      EngineVersion: "15.8",
      DatabaseName: "saasdb",
      Port: 5432,
      StorageEncrypted: true,
      DeletionProtection: false,
      Endpoint: outputs["aurora_cluster_endpoint"],
      ReaderEndpoint: outputs["aurora_cluster_reader_endpoint"],
    });
    const instance = first((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances);
    expect(instance).toMatchObject({ DBInstanceClass: "db.t3.medium", PubliclyAccessible: false });
    expect(instance.DBClusterIdentifier).toBe(cluster.DBClusterIdentifier);
    const group = { DBClusterParameterGroupName: cluster.DBClusterParameterGroup };
    const { Parameters = [] } = await rds.send(new DescribeDBClusterParametersCommand(group));
    const preload = Parameters.find(({ ParameterName }) => ParameterName === "shared_preload_libraries");
    expect(preload?.ParameterValue).toBe("pg_stat_statements");
  });

  test("S5.03 each tenant's credentials are a secret of their own under the document's name", async () => {
    const secrets = account.client(SecretsManagerClient);
    const passwords = new Set<string>();
    for (const tenant of tenants) {
      const SecretId = `rds/tenant/${tenant}/development/password`;
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      const content = JSON.parse(SecretString ?? "{}") as Readonly<Record<string, unknown>>;
      expect(content).toMatchObject({
        username: `tenant_${tenant.replaceAll("-", "_")}`,
        dbname: "saasdb",
        host: outputs["aurora_cluster_endpoint"],
        port: 5432,
      });
      expect(content["password"]).toMatch(/^[A-Za-z0-9-]{40}$/);
      passwords.add(String(content["password"]));
    }
    expect(passwords.size).toBe(tenants.length);
  });

  test("S5.04 the database lets in port 5432 from the group that tenants' tasks carry, and nothing else", async () => {
    const rds = account.client(RDSClient);
    const cluster = first((await rds.send(new DescribeDBClustersCommand({}))).DBClusters);
    const store = first(cluster.VpcSecurityGroups).VpcSecurityGroupId ?? "";
    const allowed = await deployed.ingressOf(store);
    expect(allowed).toHaveLength(1);
    const client = /^5432 from (sg-\w+)$/.exec(allowed[0] ?? "")?.[1] ?? "";
    for (const tenant of tenants) {
      const service = await deployed.serviceOf(tenant);
      expect(service.networkConfiguration?.awsvpcConfiguration?.securityGroups).toContain(client);
    }
    expect(await deployed.ingressOf(client)).toEqual([]);
  });

  test.each(tenants)("S5.05 %s has a bucket that is encrypted, closed and tagged", async (tenant) => {
    const s3 = account.client(S3Client);
    const Bucket = `saas-platform-${tenant}-data-development`;
    expect(outputs[`${tenant.replaceAll("-", "_")}_bucket`]).toBe(Bucket);
    const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    const tags = Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
    expect(tags).toMatchObject({ tenant_id: tenant, cost_center: tenant });
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const rule = first(ServerSideEncryptionConfiguration?.Rules).ApplyServerSideEncryptionByDefault;
    expect(rule?.SSEAlgorithm).toBe("aws:kms");
    const access = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(new Set(Object.values(access.PublicAccessBlockConfiguration ?? {}))).toEqual(new Set([true]));
  });

  test("S5.06 a tenant's task role reaches that tenant's bucket and no other", async () => {
    const iam = account.client(IAMClient);
    for (const tenant of tenants) {
      const { taskRoleArn, executionRoleArn } = await deployed.taskOf(tenant);
      expect(executionRoleArn).not.toBe(taskRoleArn);
      const RoleName = nameOfArn(taskRoleArn);
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      const statements: Statement[] = [];
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        statements.push(...statementsOf(PolicyDocument));
      }
      const buckets = statements
        .filter(({ Action }) => listOf(Action).some((action) => action.startsWith("s3:")))
        .flatMap(({ Resource }) => listOf(Resource));
      expect(buckets.length).toBeGreaterThan(0);
      for (const arn of buckets)
        expect(arn).toMatch(new RegExp(`^arn:aws:s3:::saas-platform-${tenant}-data-development(/\\*)?$`));
    }
  });

  test.each(tenants)("S5.07 %s runs a Fargate task of the document's size", async (tenant) => {
    const task = await deployed.taskOf(tenant);
    expect(task).toMatchObject({
      cpu: "1024",
      memory: "2048",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
    });
    const app = task.containerDefinitions?.find(({ name }) => name === "app");
    expect(app).toMatchObject({ image: "nginx:latest", portMappings: [{ containerPort: 80 }] });
    expect(app?.logConfiguration?.options).toMatchObject({
      "awslogs-group": `/ecs/tenant/${tenant}/development`,
    });
  });

  test.each(tenants)(
    "S5.08 %s has a service in private subnets behind a target group of its own",
    async (tenant) => {
      const service = await deployed.serviceOf(tenant);
      expect(service).toMatchObject({ status: "ACTIVE", desiredCount: 2 });
      const place = service.networkConfiguration?.awsvpcConfiguration;
      expect(place?.assignPublicIp).toBe("DISABLED");
      const SubnetIds = [...(place?.subnets ?? [])];
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds }));
      expect(Subnets.map(({ CidrBlock }) => CidrBlock).sort()).toEqual([
        "10.0.11.0/24",
        "10.0.12.0/24",
        "10.0.13.0/24",
      ]);
      const TargetGroupArns = [first(service.loadBalancers).targetGroupArn ?? ""];
      const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
      expect(first(TargetGroups)).toMatchObject({
        Protocol: "HTTP",
        Port: 80,
        TargetType: "ip",
        HealthCheckPath: "/",
        Matcher: { HttpCode: "200-399" },
      });
    },
  );

  test("S5.09 every service scales from 2 to 8 tasks at 70 % of its CPU", async () => {
    const scaling = account.client(ApplicationAutoScalingClient);
    const { ScalableTargets = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }),
    );
    expect(ScalableTargets.map(({ ResourceId }) => ResourceId).sort()).toEqual(
      tenants.map((tenant) => `service/${outputs["cluster_name"]}/${tenant}_app`),
    );
    for (const target of ScalableTargets) expect(target).toMatchObject({ MinCapacity: 2, MaxCapacity: 8 });
    const { ScalingPolicies = [] } = await scaling.send(
      new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs" }),
    );
    expect(ScalingPolicies).toHaveLength(tenants.length);
    for (const { TargetTrackingScalingPolicyConfiguration: tracking } of ScalingPolicies)
      expect(tracking).toMatchObject({
        TargetValue: 70,
        PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
      });
  });

  test("S5.11 a tenant's tasks let in port 80 from the load balancer alone", async () => {
    const balancer = (await loadBalancer()).SecurityGroups?.[0];
    const seen = new Map<string, number>();
    for (const tenant of tenants) {
      const ids =
        (await deployed.serviceOf(tenant)).networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
      for (const id of ids) seen.set(id, (seen.get(id) ?? 0) + 1);
      const allowed = (await Promise.all(ids.map((id) => deployed.ingressOf(id)))).flat();
      expect(allowed).toEqual([`80 from ${balancer}`]);
    }
    // One group for each tenant; what they share lets nobody in.
    expect([...seen.values()].filter((count) => count === 1)).toHaveLength(tenants.length);
  });

  test("S5.12 the load balancer is public, and knows each tenant's hosts and nobody else's", async () => {
    const balancer = await loadBalancer();
    expect(balancer).toMatchObject({ Scheme: "internet-facing", Type: "application" });
    expect(outputs["alb_dns_name"]).toBe(balancer.DNSName);
    const { Listeners = [] } = await elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: balancer.LoadBalancerArn }),
    );
    const listener = first(Listeners);
    expect(first(listener.DefaultActions)).toMatchObject({
      Type: "fixed-response",
      FixedResponseConfig: { StatusCode: "404", MessageBody: "Invalid tenant" },
    });
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: listener.ListenerArn }));
    const rows = Rules.filter(({ IsDefault }) => IsDefault !== true).map(({ Priority, Conditions }) => [
      Priority,
      Conditions?.flatMap(({ Field, HostHeaderConfig }) =>
        Field === "host-header" ? (HostHeaderConfig?.Values ?? []) : [],
      ),
    ]);
    expect(rows).toEqual(
      tenants.map((tenant, index) => [
        String(index + 1),
        [`${tenant}.example.com`, `*.${tenant}.example.com`],
      ]),
    );
  });

  test("S5.13 the outputs have the document's names, and each tenant's are among them", () => {
    const shared = ["vpc_id", "alb_dns_name", "aurora_cluster_endpoint", "aurora_cluster_reader_endpoint"];
    for (const name of shared) expect(outputs[name], name).toBeTruthy();
    for (const tenant of tenants) {
      const name = tenant.replaceAll("-", "_");
      expect(outputs[`${name}_endpoint`]).toBe(`http://${tenant}.example.com`);
      expect(outputs[`${name}_db_connection`]).toBe(
        `postgresql://tenant_${name}@${outputs["aurora_cluster_endpoint"]}/saasdb?secret=rds/tenant/${tenant}/development/password`,
      );
    }
  });

  test("S5.14 what was deployed says who deployed it, and whose it is", async () => {
    const platform = {
      Environment: "development",
      Repository: "acme/saas",
      Author: "ada",
      PRNumber: "42",
      Team: "platform",
    };
    const asMap = (
      tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
    ) => Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]));
    const Filters = [{ Name: "vpc-id", Values: [outputs["vpc_id"] ?? ""] }];
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    for (const { Tags } of Subnets) expect(asMap(Tags)).toMatchObject(platform);
    const rds = account.client(RDSClient);
    const cluster = first((await rds.send(new DescribeDBClustersCommand({}))).DBClusters);
    expect(asMap(cluster.TagList)).toMatchObject({
      ...platform,
      CreatedAt: expect.stringMatching(/^20\d\d-\d\d-\d\dT/),
    });
    const secrets = account.client(SecretsManagerClient);
    for (const tenant of tenants) {
      const own = { ...platform, tenant_id: tenant, cost_center: tenant };
      const SecretId = `rds/tenant/${tenant}/development/password`;
      expect(asMap((await secrets.send(new DescribeSecretCommand({ SecretId }))).Tags)).toMatchObject(own);
      const { tags = [] } = await deployed.serviceOf(tenant);
      expect(Object.fromEntries(tags.map(({ key, value }) => [key, value]))).toMatchObject(own);
    }
  });

  test("S5.15 a tenant's bucket refuses roles that do not carry its tag", async () => {
    const s3 = account.client(S3Client);
    for (const tenant of tenants) {
      const Bucket = `saas-platform-${tenant}-data-development`;
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      const conditions = statementsOf(Policy)
        .filter(({ Effect }) => Effect === "Deny")
        .map(({ Condition }) => Condition?.["StringNotEquals"]?.["aws:PrincipalTag/tenant_id"]);
      expect(conditions).toContain(tenant);
    }
  });

  test("what moto has no backend for is known by name", async () => {
    // This list may only become shorter.
    expect(await standInTypes(account)).toEqual([
      "AWS::CE::AnomalyMonitor",
      "AWS::Logs::QueryDefinition",
      "AWS::XRay::Group",
      "AWS::XRay::SamplingRule",
    ]);
  });
});
