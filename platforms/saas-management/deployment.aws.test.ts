// Goal: what the document asks for is there after a deployment, in both regions, as AWS's own API tells it.
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { BackupClient, ListBackupPlansCommand, ListBackupVaultsCommand } from "@aws-sdk/client-backup";
import {
  CloudFrontClient,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
} from "@aws-sdk/client-cloudfront";
import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  DescribeConfigurationRecorderStatusCommand,
} from "@aws-sdk/client-config-service";
import {
  DescribeFlowLogsCommand,
  DescribeNetworkAclsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeClustersCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { GuardDutyClient, ListDetectorsCommand } from "@aws-sdk/client-guardduty";
import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { GetKeyRotationStatusCommand, KMSClient, ListAliasesCommand } from "@aws-sdk/client-kms";
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import {
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { ListSubscriptionsCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetWebACLCommand, ListWebACLsCommand, WAFV2Client } from "@aws-sdk/client-wafv2";
import type { DeployResult } from "@tenantry/toolkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  artifactsFolder,
  type EmulatedAccount,
  emulator,
  standIns,
  standInTypes,
} from "../../test/aws/deployed-environment.ts";
import {
  deployPlatform,
  first,
  type Folder,
  preparedAccount,
  servicesOf,
  zonesOf,
} from "./deploy-platform.ts";

describe.skipIf(emulator === null)("saas-management in production, deployed to two regions", () => {
  const primary = "us-east-1";
  const recovery = "us-west-2";
  let account: EmulatedAccount;
  let folder: Folder;
  let outputs: DeployResult["outputs"];

  beforeAll(async () => {
    account = await preparedAccount([primary, recovery]);
    folder = await artifactsFolder();
    ({ outputs } = await deployPlatform(account, folder, "production"));
  }, 240_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  test("S1.01 production spans three zones, the recovery region two", async () => {
    const here = await zonesOf(account, primary, outputs["vpc_id"] ?? "");
    expect(here.zones).toEqual(["us-east-1a", "us-east-1b", "us-east-1c"]);
    const there = await zonesOf(account, recovery, outputs["recovery_vpc_id"] ?? "");
    expect(there.zones).toEqual(["us-west-2a", "us-west-2b"]);
  });

  test("S1.02 each zone has a public and a private subnet and a NAT gateway; flow logs are on", async () => {
    expect(await zonesOf(account, primary, outputs["vpc_id"] ?? "")).toMatchObject({
      subnets: 6,
      gateways: 3,
    });
    const ec2 = account.client(EC2Client, primary);
    const vpc = first((await ec2.send(new DescribeVpcsCommand({ VpcIds: [outputs["vpc_id"] ?? ""] }))).Vpcs);
    expect(vpc.CidrBlock).toBe("10.0.0.0/16");
    const { FlowLogs = [] } = await ec2.send(new DescribeFlowLogsCommand({}));
    expect(FlowLogs.map(({ ResourceId, TrafficType }) => [ResourceId, TrafficType])).toEqual([
      [outputs["vpc_id"], "ALL"],
    ]);
  });

  test("S1.03 services run on Fargate, are discovered, and scale by themselves", async () => {
    const services = await servicesOf(account, primary, outputs["cluster_name"] ?? "");
    expect(services.map(({ serviceName }) => serviceName)).toEqual(["api", "web"]);
    const ecs = account.client(ECSClient, primary);
    for (const { taskDefinition, desiredCount } of services) {
      const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      expect(answer.taskDefinition?.requiresCompatibilities).toEqual(["FARGATE"]);
      expect(desiredCount).toBe(2);
    }
    const clusters = [outputs["cluster_name"] ?? ""];
    const ask = { clusters, include: ["SETTINGS" as const] };
    const cluster = first((await ecs.send(new DescribeClustersCommand(ask))).clusters);
    expect(cluster.serviceConnectDefaults?.namespace).toMatch(/^arn:aws:servicediscovery:/);
    const scaling = account.client(ApplicationAutoScalingClient, primary);
    const { ScalableTargets = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }),
    );
    expect(ScalableTargets.map(({ MinCapacity, MaxCapacity }) => [MinCapacity, MaxCapacity]).sort()).toEqual([
      [2, 10],
      [2, 20],
    ]);
  });

  test("S1.04 a release is blue/green and goes back by itself", async () => {
    for (const region of [primary, recovery]) {
      const cluster = outputs[region === primary ? "cluster_name" : "recovery_cluster_name"] ?? "";
      for (const { deploymentConfiguration, loadBalancers } of await servicesOf(account, region, cluster)) {
        expect(deploymentConfiguration).toMatchObject({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 10 });
        expect(deploymentConfiguration?.alarms).toMatchObject({ enable: true, rollback: true });
        expect(first(loadBalancers).advancedConfiguration?.alternateTargetGroupArn).toMatch(/targetgroup/);
      }
    }
  });

  test("S1.05 PostgreSQL 15 is Multi-AZ with a second instance, backups and insights; one replica waits in the west", async () => {
    const rds = account.client(RDSClient, primary);
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    const databases = DBInstances.filter(({ Engine }) => Engine === "postgres");
    expect(databases).toHaveLength(2);
    for (const database of databases)
      expect(database).toMatchObject({ DBInstanceClass: "db.r5.2xlarge", StorageEncrypted: true });
    const main = databases.find(({ ReadReplicaSourceDBInstanceIdentifier: from }) => from === undefined);
    expect(main).toMatchObject({ MultiAZ: true, BackupRetentionPeriod: 30, DeletionProtection: true });
    expect(main?.EngineVersion).toMatch(/^15/);
    const west = account.client(RDSClient, recovery);
    const replicas = (await west.send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
    const replica = first(replicas.filter(({ Engine }) => Engine === "postgres"));
    expect(replica.DBInstanceClass).toBe("db.r5.xlarge");
  });

  test("S1.06 documents are in DocumentDB, with a cluster of the same global one in the west", async () => {
    for (const [region, count] of [
      [primary, 2],
      [recovery, 1],
    ] as const) {
      const rds = account.client(RDSClient, region);
      const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({}));
      const cluster = first(DBClusters.filter(({ Engine }) => Engine === "docdb"));
      expect(cluster).toMatchObject({ EngineVersion: "5.0.0", StorageEncrypted: true });
      expect(cluster.DBClusterMembers, region).toHaveLength(count);
    }
  });

  test("S1.07 Redis 7 is replicated over zones and encrypted", async () => {
    for (const [region, nodes] of [
      [primary, 3],
      [recovery, 2],
    ] as const) {
      const cache = account.client(ElastiCacheClient, region);
      const group = first((await cache.send(new DescribeReplicationGroupsCommand({}))).ReplicationGroups);
      expect(group).toMatchObject({
        MultiAZ: "enabled",
        AutomaticFailover: "enabled",
        AtRestEncryptionEnabled: true,
        TransitEncryptionEnabled: true,
      });
      expect(group.MemberClusters, region).toHaveLength(nodes);
    }
  });

  test("S1.08 users come through Route 53 and CloudFront, which a firewall stands before", async () => {
    const cloudFront = account.client(CloudFrontClient);
    const { DistributionList } = await cloudFront.send(new ListDistributionsCommand({}));
    const distribution = first(DistributionList?.Items);
    expect(distribution.Aliases?.Items).toEqual(["saasplatform.com", "*.saasplatform.com"]);
    const { DistributionConfig } = await cloudFront.send(
      new GetDistributionConfigCommand({ Id: distribution.Id }),
    );
    const waf = account.client(WAFV2Client, primary);
    const { WebACLs } = await waf.send(new ListWebACLsCommand({ Scope: "CLOUDFRONT" }));
    const { Id, Name, ARN } = first(WebACLs);
    expect(DistributionConfig?.WebACLId).toBe(ARN);
    const { WebACL } = await waf.send(new GetWebACLCommand({ Id, Name, Scope: "CLOUDFRONT" }));
    expect(WebACL?.Rules?.map((rule) => rule.Name)).toContain("requests-per-address");
    const dns = account.client(Route53Client);
    const zone = first((await dns.send(new ListHostedZonesCommand({}))).HostedZones);
    const { ResourceRecordSets = [] } = await dns.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone.Id }),
    );
    const names = ResourceRecordSets.filter(
      ({ AliasTarget }) => AliasTarget?.DNSName?.replace(/\.$/, "") === distribution.DomainName,
    ).map(({ Name: name, Type }) => `${Type} ${name?.replaceAll(String.raw`\052`, "*").replace(/\.$/, "")}`);
    expect(names.sort()).toEqual([
      "A *.saasplatform.com",
      "A saasplatform.com",
      "AAAA *.saasplatform.com",
      "AAAA saasplatform.com",
    ]);
  });

  test("S1.09 nobody comes in but over the load balancer, every subnet has a list, every key turns over", async () => {
    const ec2 = account.client(EC2Client, primary);
    const Filters = [{ Name: "vpc-id", Values: [outputs["vpc_id"] ?? ""] }];
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    const open = SecurityGroups.filter(({ IpPermissions }) =>
      IpPermissions?.some(({ IpRanges }) => IpRanges?.some(({ CidrIp }) => CidrIp === "0.0.0.0/0")),
    );
    expect(open.map(({ Description }) => Description)).toEqual([]);
    const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
    const used = NetworkAcls.filter(({ Associations }) => (Associations?.length ?? 0) > 0);
    expect(used.map(({ IsDefault, Associations }) => [IsDefault, Associations?.length])).toEqual([
      [false, 3],
      [false, 3],
    ]);
    const kms = account.client(KMSClient, primary);
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
    const keys = Aliases.filter(({ AliasName }) => AliasName?.startsWith("alias/saas-platform/production/"));
    expect(keys.map(({ AliasName }) => AliasName)).toContain("alias/saas-platform/production/stores/main");
    for (const { TargetKeyId } of keys) {
      const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId: TargetKeyId }));
      expect(status.KeyRotationEnabled).toBe(true);
    }
  });

  test("S1.10 credentials rotate, and a service's role may do no more than its service needs", async () => {
    const secrets = account.client(SecretsManagerClient, primary);
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    const rotating = SecretList.filter(({ RotationEnabled }) => RotationEnabled === true);
    expect(rotating.length).toBeGreaterThanOrEqual(3);
    for (const { ARN } of rotating) {
      const found = await secrets.send(new DescribeSecretCommand({ SecretId: ARN }));
      expect(found.RotationRules?.AutomaticallyAfterDays).toBe(30);
      expect(found.RotationLambdaARN).toMatch(/^arn:aws:lambda:us-east-1:/);
    }
    const iam = account.client(IAMClient);
    const [web] = (await servicesOf(account, primary, outputs["cluster_name"] ?? "")).slice(1);
    const ecs = account.client(ECSClient, primary);
    const task = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: web?.taskDefinition }));
    const RoleName = task.taskDefinition?.taskRoleArn?.split("/").at(-1) ?? "";
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(attached.AttachedPolicies).toEqual([]);
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const documents = await Promise.all(
      PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
    );
    expect(
      documents.map(({ PolicyDocument }) => decodeURIComponent(PolicyDocument ?? "")).join(),
    ).not.toMatch(/"(s3|secretsmanager|rds|dynamodb|kms):/);
  });

  test("S1.11 the account is recorded and guarded, and policies bind the organization", async () => {
    const trails = account.client(CloudTrailClient, primary);
    const trail = first((await trails.send(new DescribeTrailsCommand({}))).trailList);
    expect(trail).toMatchObject({ IsMultiRegionTrail: true, LogFileValidationEnabled: true });
    expect((await trails.send(new GetTrailStatusCommand({ Name: trail.Name }))).IsLogging).toBe(true);
    const config = account.client(ConfigServiceClient, primary);
    const status = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
    expect(first(status.ConfigurationRecordersStatus).recording).toBe(true);
    const rules = (await config.send(new DescribeConfigRulesCommand({}))).ConfigRules ?? [];
    expect(rules.length).toBeGreaterThanOrEqual(10);
    const guard = account.client(GuardDutyClient, primary);
    expect((await guard.send(new ListDetectorsCommand({}))).DetectorIds).toHaveLength(1);
  });

  test("S1.15 alarms reach PagerDuty and the team, each in its region", async () => {
    for (const region of [primary, recovery]) {
      const { Subscriptions = [] } = await account
        .client(SNSClient, region)
        .send(new ListSubscriptionsCommand({}));
      const endpoints = Subscriptions.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`);
      expect(endpoints, region).toContain(
        "https https://events.pagerduty.com/integration/R0123456789/enqueue",
      );
      expect(endpoints, region).toContain("email devops@saasplatform.com");
      const watch = account.client(CloudWatchClient, region);
      const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({}));
      const notifying = MetricAlarms.filter(({ AlarmActions }) => (AlarmActions?.length ?? 0) > 0);
      expect(notifying.length, region).toBeGreaterThanOrEqual(10);
    }
  });

  test("S1.17 backups are scheduled into a vault, in the recovery region as well", async () => {
    for (const region of [primary, recovery]) {
      const { BackupVaultList = [] } = await account
        .client(BackupClient, region)
        .send(new ListBackupVaultsCommand({}));
      expect(BackupVaultList.map(({ BackupVaultName }) => BackupVaultName)).toContain(
        "saas-platform-production",
      );
    }
    const { BackupPlansList = [] } = await account
      .client(BackupClient, primary)
      .send(new ListBackupPlansCommand({}));
    expect(BackupPlansList.map(({ BackupPlanName }) => BackupPlanName)).toContain(
      "saas-platform-production-daily",
    );
  });

  test("S1.18 files are versioned and copied to the recovery region", async () => {
    const s3 = account.client(S3Client, primary);
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const names = Buckets.map(({ Name }) => Name ?? "").filter((name) => /files/.test(name));
    expect(names).toHaveLength(2);
    for (const Bucket of names)
      expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, Bucket).toBe("Enabled");
    const targets = await Promise.all(
      names.map((Bucket) =>
        s3.send(new GetBucketReplicationCommand({ Bucket })).then(
          ({ ReplicationConfiguration }) => ReplicationConfiguration?.Rules?.[0]?.Destination?.Bucket,
          () => undefined,
        ),
      ),
    );
    const copied = targets.findIndex((target) => target !== undefined);
    expect(targets[copied]).toBe(`arn:aws:s3:::${names[1 - copied]}`);
  });

  test("S1.19 the plan that moves the platform to the west is there, and moves the database", async () => {
    const plan = first((await standIns(account)).filter(({ type }) => type === "AWS::ARCRegionSwitch::Plan"));
    expect(plan.properties).toMatchObject({
      PrimaryRegion: primary,
      RecoveryApproach: "activePassive",
      RecoveryTimeObjectiveMinutes: 30,
      Regions: [primary, recovery],
    });
    expect(JSON.stringify(plan.properties["Workflows"])).toMatch(/RdsPromoteReadReplicaConfig/);
  });

  test("what moto has no backend for is known by name", async () => {
    // This list may only become shorter.
    expect(await standInTypes(account)).toEqual([
      "AWS::ARCRegionSwitch::Plan",
      "AWS::Backup::BackupSelection",
      "AWS::Backup::RestoreTestingPlan",
      "AWS::Backup::RestoreTestingSelection",
      "AWS::CE::AnomalyMonitor",
      "AWS::CE::AnomalySubscription",
      "AWS::CloudFront::CachePolicy",
      "AWS::CloudFront::ResponseHeadersPolicy",
      "AWS::ElastiCache::ParameterGroup",
      "AWS::Logs::QueryDefinition",
      "AWS::XRay::Group",
      "AWS::XRay::SamplingRule",
    ]);
  });
});
