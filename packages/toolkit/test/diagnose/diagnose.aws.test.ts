import {
  CreateNetworkAclEntryCommand,
  DeleteRouteCommand,
  DescribeNetworkAclsCommand,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { BatchDeleteImageCommand } from "@aws-sdk/client-ecr";
import {
  DeleteServiceCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { DeleteRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { DeleteDBInstanceCommand, StopDBInstanceCommand } from "@aws-sdk/client-rds";
import { DeleteSecretCommand } from "@aws-sdk/client-secrets-manager";
import { assert, systemClock, systemRandom } from "@tenantry/base";
import { describe, expect, test } from "vitest";
import { connectInspector, diagnose, errors, type Inspector } from "../../src/index.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "../aws/emulator.ts";
import { memoryCloud } from "../aws/memory-cloud.ts";
import { writeAssembly } from "../aws/test-assembly.ts";
import { manualPorts } from "../manual-ports.ts";
import {
  buildEnvironment,
  type Clients,
  clientsOf,
  type EmulatedEnvironment,
  putPolicy,
  region,
} from "./emulated-environment.ts";

/** Everything but the stacks is read from the emulator: it knows CloudFormation's services only in part. */
async function openEnvironment(desiredCount = 0) {
  const clients = clientsOf(endpoint());
  const environment = await buildEnvironment(clients, platformName(), desiredCount);
  const inspector = await connectInspector(
    {
      homeRegion: region,
      endpoint: endpoint(),
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      calls: { rate: { perSecond: 400, burst: 200 }, attemptsMax: 2 },
    },
    { clock: systemClock, random: systemRandom, onRetry: () => undefined },
  );
  return { clients, environment, inspector };
}

async function run({ name, tenant, shared, own }: EmulatedEnvironment, inspector: Inspector, only?: string) {
  await using folder = await temporaryFolder();
  const template = { Resources: { Topic: { Type: "AWS::SNS::Topic" } } };
  const artifacts = await writeAssembly(folder.path, {
    platform: name,
    stacks: [{ id: "foundation", template }],
    tenantTemplate: template,
    tenants: { [tenant]: {} },
  });
  const stacks = [`${name}-production-foundation`, `${name}-production-tenant-${tenant}`];
  const cloud = memoryCloud({
    stacks: stacks.map((one) => ({ name: one })),
    changing: { resources: async (id) => (id.includes("-tenant-") ? own : shared) },
  });
  const ports = { ...manualPorts(folder.path), clock: systemClock, cloud, inspector };
  return await diagnose({ artifacts, tenant: only }, ports);
}

async function errorsOf(environment: EmulatedEnvironment, inspector: Inspector) {
  const { findings } = await run(environment, inspector);
  return findings.filter(({ severity }) => severity === "error");
}

const breakages: readonly (readonly [
  title: string,
  breakIt: (clients: Clients, environment: EmulatedEnvironment) => Promise<unknown>,
  code: string,
  subject: (environment: EmulatedEnvironment) => string,
])[] = [
  [
    "the rule that lets the load balancer in",
    ({ ec2 }, { tasks, balancerGroup }) =>
      ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: tasks,
          IpPermissions: [
            {
              IpProtocol: "tcp",
              FromPort: 8080,
              ToPort: 8080,
              UserIdGroupPairs: [{ GroupId: balancerGroup }],
            },
          ],
        }),
      ),
    "SECURITY_GROUP_INGRESS_MISSING",
    ({ tasks }) => tasks,
  ],
  [
    "the rule that lets the load balancer out",
    ({ ec2 }, { balancerGroup }) =>
      ec2.send(
        new RevokeSecurityGroupEgressCommand({
          GroupId: balancerGroup,
          IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        }),
      ),
    "SECURITY_GROUP_EGRESS_MISSING",
    ({ balancerGroup }) => balancerGroup,
  ],
  [
    "the rule that lets tasks into the database",
    ({ ec2 }, { databaseGroup, tasks }) =>
      ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: databaseGroup,
          IpPermissions: [
            { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: tasks }] },
          ],
        }),
      ),
    "SECURITY_GROUP_INGRESS_MISSING",
    ({ databaseGroup }) => databaseGroup,
  ],
  [
    "the route to the internet",
    ({ ec2 }, { privateTable }) =>
      ec2.send(new DeleteRouteCommand({ RouteTableId: privateTable, DestinationCidrBlock: "0.0.0.0/0" })),
    "ROUTE_MISSING",
    ({ privateTable }) => privateTable,
  ],
  [
    "the secret",
    ({ secrets }, { secret }) =>
      secrets.send(new DeleteSecretCommand({ SecretId: secret, ForceDeleteWithoutRecovery: true })),
    "SECRET_MISSING",
    ({ secret }) => secret,
  ],
  [
    "the secret, for a while",
    ({ secrets }, { secret }) =>
      secrets.send(new DeleteSecretCommand({ SecretId: secret, RecoveryWindowInDays: 7 })),
    "SECRET_DELETED",
    ({ secret }) => secret,
  ],
  [
    "the image",
    ({ ecr }, { repositoryName }) =>
      ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: "1.0.0" }] })),
    "IMAGE_MISSING",
    ({ image }) => image,
  ],
  [
    "the log group",
    ({ logs }, { log }) => logs.send(new DeleteLogGroupCommand({ logGroupName: log })),
    "LOG_GROUP_MISSING",
    ({ log }) => log,
  ],
  [
    "the right to read the secret",
    ({ iam }, { roleName, statements }) => putPolicy(iam, roleName, statements.slice(0, 2)),
    "ROLE_LACKS_PERMISSION",
    ({ role }) => role,
  ],
  [
    "the trust right",
    ({ iam }, { roleName: RoleName }) => {
      const statement = {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      return iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    },
    "ROLE_NOT_TRUSTED",
    ({ role }) => role,
  ],
  [
    "the rule of the listener",
    ({ elb }, { rule }) => elb.send(new DeleteRuleCommand({ RuleArn: rule })),
    "LISTENER_RULE_MISSING",
    ({ loadBalancer }) => loadBalancer.split("/").slice(1).join("/"),
  ],
  [
    "the database",
    ({ rds }, { database }) =>
      rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: database, SkipFinalSnapshot: true })),
    "DATABASE_MISSING",
    ({ database }) => database,
  ],
  [
    "the database, for a while",
    ({ rds }, { database }) => rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: database })),
    "DATABASE_NOT_AVAILABLE",
    ({ database }) => database,
  ],
  [
    "the network ACL",
    async ({ ec2 }, { vpc }) => {
      const { NetworkAcls } = await ec2.send(
        new DescribeNetworkAclsCommand({ Filters: [{ Name: "vpc-id", Values: [vpc] }] }),
      );
      const entry = {
        RuleNumber: 50,
        Egress: false,
        Protocol: "6",
        RuleAction: "deny",
        CidrBlock: "10.0.0.0/23",
      } as const;
      await ec2.send(
        new CreateNetworkAclEntryCommand({
          ...entry,
          NetworkAclId: NetworkAcls?.[0]?.NetworkAclId,
          PortRange: { From: 8000, To: 8100 },
        }),
      );
    },
    "NETWORK_ACL_REFUSES",
    () => "acl-",
  ],
  [
    "the service",
    ({ ecs }, { name, service }) =>
      ecs.send(new DeleteServiceCommand({ cluster: name, service, force: true })),
    "SERVICE_MISSING",
    ({ service }) => service,
  ],
];

describe.runIf(emulator !== null).concurrent("diagnosing an environment in the emulator", () => {
  test("finds nothing wrong with one that is whole, and says what it looked at", async () => {
    const { environment, inspector } = await openEnvironment();
    const result = await run(environment, inspector);
    expect(result.findings.map(({ code }) => code)).toEqual(["SERVICE_AT_ZERO"]);
    expect(result).toMatchObject({
      state: "healthy",
      isComplete: true,
      looked: { regions: 1, stacks: 2, services: 1, databases: 1, hosts: 0 },
    });
  });

  test.for(breakages)("S1.20 names exactly what is missing: %s", async ([, breakIt, code, subject]) => {
    const { clients, environment, inspector } = await openEnvironment();
    await breakIt(clients, environment);
    const found = await errorsOf(environment, inspector);
    expect(found.map((one) => one.code)).toEqual([code]);
    expect(found[0]?.subject.id).toContain(subject(environment));
  });

  test("tells why tasks stopped, with the end of their log and without the secrets in it", async () => {
    const { clients, environment, inspector } = await openEnvironment(1);
    const { ecs, logs } = clients;
    const { name, log } = environment;
    // The emulator cannot run tasks in a subnet, and takes any task of the cluster for the service's.
    const family = `${name}_stopped`;
    const containerDefinitions = [{ name: "app", image: "app:1", memory: 512 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
    const { tasks } = await ecs.send(
      new RunTaskCommand({ cluster: name, taskDefinition: family, launchType: "FARGATE" }),
    );
    const task = tasks?.[0]?.taskArn;
    assert(task !== undefined, "the emulator runs the task");
    const reason = "CannotPullContainerError: dial tcp 10.0.0.1:443: i/o timeout";
    await ecs.send(new StopTaskCommand({ cluster: name, task, reason }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: log, logStreamName: "app/app/other" }));
    await logs.send(
      new PutLogEventsCommand({
        logGroupName: log,
        logStreamName: "app/app/other",
        logEvents: [{ timestamp: systemClock.nowMs(), message: "ERROR cannot sign in, password=hunter2" }],
      }),
    );
    const [first, ...others] = await errorsOf(environment, inspector);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      code: "IMAGE_CANNOT_BE_PULLED",
      symptoms: ["0 of 1 tasks of acme-corp_app run, 1 are starting"],
    });
    expect(first?.what).toContain("the registry cannot be reached");
    expect(first?.because.join("\n")).toContain("i/o timeout");
    expect(first?.because).toContain("ERROR cannot sign in, password=[redacted]");
    expect(JSON.stringify(first)).not.toContain("hunter2");
  });

  test("without DNS, an endpoint is no way; without an endpoint, DNS does not matter", async () => {
    const { clients, environment, inspector } = await openEnvironment();
    const off = { VpcId: environment.vpc, EnableDnsHostnames: { Value: false } };
    await clients.ec2.send(new ModifyVpcAttributeCommand(off));
    expect(await errorsOf(environment, inspector)).toEqual([]);
  });

  test("says what it may not read, and that the answer is incomplete", async () => {
    const { environment, inspector } = await openEnvironment();
    const denied: Inspector = {
      ...inspector,
      roles: async () => {
        const detail = "User: arn:aws:iam::123456789012:user/ada is not authorized";
        throw errors.TOOLKIT_AWS_DENIED({ operation: "GetAccountAuthorizationDetails", region, detail });
      },
    };
    const result = await run(environment, denied);
    expect(result).toMatchObject({ state: "incomplete", isComplete: false });
    expect(result.findings[0]).toMatchObject({
      code: "READING_DENIED",
      subject: { kind: "reading", id: "iam:GetAccountAuthorizationDetails" },
    });
  });

  test("looks at one tenant, and refuses one that is not there with the nearest name", async () => {
    const { environment, inspector } = await openEnvironment();
    expect(await run(environment, inspector, "acme-corp")).toMatchObject({
      tenant: "acme-corp",
      looked: { services: 1 },
    });
    await expect(run(environment, inspector, "acme-crop")).rejects.toMatchObject({
      code: "TOOLKIT_TENANT_NOT_IN_ENVIRONMENT",
      params: { nearest: ["acme-corp"] },
    });
  });
});
