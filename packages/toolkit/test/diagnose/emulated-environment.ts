import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateLogGroupCommand, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateDBInstanceCommand, CreateDBSubnetGroupCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { assert } from "@tenantry/base";
import type { DeployedResource } from "../../src/aws/cloud/cloud.ts";

export const region = "us-east-1";
const account = "123456789012";
const tenant = "acme-corp";

export function clientsOf(endpoint: string) {
  const config = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  return {
    ec2: new EC2Client(config),
    ecr: new ECRClient(config),
    ecs: new ECSClient(config),
    elb: new ElasticLoadBalancingV2Client(config),
    iam: new IAMClient(config),
    logs: new CloudWatchLogsClient(config),
    rds: new RDSClient(config),
    secrets: new SecretsManagerClient(config),
  };
}

export type Clients = ReturnType<typeof clientsOf>;
export type EmulatedEnvironment = Awaited<ReturnType<typeof buildEnvironment>>;

/**
 * A load balancer, one tenant's service with everything that it needs, and its database, made call by call. The emulator runs no task of a
 * service: one that should have some is short of them.
 */
export async function buildEnvironment(clients: Clients, name: string, desiredCount = 0) {
  const network = await buildNetwork(clients, name);
  const entrance = await buildEntrance(clients, name, network);
  const supplies = await buildSupplies(clients, name);
  const database = await buildDatabase(clients, name, network);
  const { ecs } = clients;
  await ecs.send(new CreateClusterCommand({ clusterName: name }));
  const image = `${account}.dkr.ecr.${region}.amazonaws.com/${name}/app:1.0.0`;
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${name}_app`,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      executionRoleArn: supplies.role,
      taskRoleArn: supplies.role,
      containerDefinitions: [
        {
          name: "app",
          image,
          secrets: [{ name: "PASSWORD", valueFrom: supplies.secret }],
          environment: [{ name: "MAIN_HOST", value: database.host }],
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": supplies.log,
              "awslogs-region": region,
              "awslogs-stream-prefix": "app",
            },
          },
        },
      ],
    }),
  );
  const { service } = await ecs.send(
    new CreateServiceCommand({
      cluster: name,
      serviceName: `${tenant}_app`,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount,
      launchType: "FARGATE",
      loadBalancers: [{ targetGroupArn: entrance.targetGroup, containerName: "app", containerPort: 8080 }],
      networkConfiguration: {
        awsvpcConfiguration: { subnets: [network.privateSubnet], securityGroups: [network.tasks] },
      },
    }),
  );
  const serviceArn = idOf(service?.serviceArn);
  const resource = (logicalId: string, type: string, physicalId: string): DeployedResource => ({
    logicalId,
    type,
    physicalId,
    status: "CREATE_COMPLETE",
  });
  return {
    name,
    tenant,
    service: serviceArn,
    image,
    ...network,
    ...entrance,
    ...supplies,
    database: database.id,
    shared: [
      resource("LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", entrance.loadBalancer),
      resource("Main", "AWS::RDS::DBInstance", database.id),
    ],
    own: [resource("AppService", "AWS::ECS::Service", serviceArn)],
  };
}

function idOf(id: string | undefined): string {
  assert(id !== undefined, "the emulator names what it makes");
  return id;
}

async function buildNetwork({ ec2 }: Clients, name: string) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const VpcId = idOf(Vpc?.VpcId);
  const subnet = async (CidrBlock: string, zone: string) =>
    idOf(
      (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${region}${zone}` })))
        .Subnet?.SubnetId,
    );
  const [publicA, publicB, privateSubnet] = [
    await subnet("10.0.0.0/24", "a"),
    await subnet("10.0.1.0/24", "b"),
    await subnet("10.0.2.0/24", "a"),
  ];
  const gateway = idOf(
    (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId,
  );
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: gateway }));
  const table = async (subnets: readonly string[]) => {
    const id = idOf((await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId);
    for (const SubnetId of subnets)
      await ec2.send(new AssociateRouteTableCommand({ RouteTableId: id, SubnetId }));
    return id;
  };
  const everywhere = "0.0.0.0/0";
  const publicTable = await table([publicA, publicB]);
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: publicTable,
      DestinationCidrBlock: everywhere,
      GatewayId: gateway,
    }),
  );
  const nat = idOf(
    (await ec2.send(new CreateNatGatewayCommand({ SubnetId: publicA }))).NatGateway?.NatGatewayId,
  );
  const privateTable = await table([privateSubnet]);
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: privateTable,
      DestinationCidrBlock: everywhere,
      NatGatewayId: nat,
    }),
  );
  const group = async (role: string) =>
    idOf(
      (
        await ec2.send(
          new CreateSecurityGroupCommand({ VpcId, GroupName: `${name}-${role}`, Description: role }),
        )
      ).GroupId,
    );
  const [balancerGroup, tasks, databaseGroup] = [
    await group("balancer"),
    await group("tasks"),
    await group("database"),
  ];
  const admit = (GroupId: string, from: string, port: number) => {
    const permission = {
      IpProtocol: "tcp",
      FromPort: port,
      ToPort: port,
      UserIdGroupPairs: [{ GroupId: from }],
    };
    return ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }));
  };
  await admit(tasks, balancerGroup, 8080);
  await admit(databaseGroup, tasks, 5432);
  return {
    vpc: VpcId,
    publicSubnets: [publicA, publicB],
    privateSubnet,
    privateTable,
    balancerGroup,
    tasks,
    databaseGroup,
  };
}

type Network = Awaited<ReturnType<typeof buildNetwork>>;

async function buildEntrance({ elb }: Clients, name: string, { vpc, publicSubnets, balancerGroup }: Network) {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: name, Subnets: publicSubnets, SecurityGroups: [balancerGroup] }),
  );
  const loadBalancer = idOf(LoadBalancers?.[0]?.LoadBalancerArn);
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: "HTTP",
      Port: 8080,
      VpcId: vpc,
      TargetType: "ip",
      HealthCheckPath: "/healthz",
    }),
  );
  const targetGroup = idOf(TargetGroups?.[0]?.TargetGroupArn);
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancer,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
    }),
  );
  const { Rules } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: idOf(Listeners?.[0]?.ListenerArn),
      Priority: 1,
      Conditions: [{ Field: "host-header", Values: ["acme-corp.example.com"] }],
      Actions: [{ Type: "forward", TargetGroupArn: targetGroup }],
    }),
  );
  return { loadBalancer, targetGroup, rule: idOf(Rules?.[0]?.RuleArn) };
}

async function buildSupplies({ ecr, iam, logs, secrets }: Clients, name: string) {
  const repositoryName = `${name}/app`;
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: {
      digest: `sha256:${"0".repeat(64)}`,
      size: 1,
      mediaType: "application/vnd.docker.container.image.v1+json",
    },
    layers: [],
  });
  await ecr.send(new PutImageCommand({ repositoryName, imageTag: "1.0.0", imageManifest }));
  const secret = idOf(
    (await secrets.send(new CreateSecretCommand({ Name: `${name}/password`, SecretString: "x" }))).ARN,
  );
  const log = `/${name}/app`;
  await logs.send(new CreateLogGroupCommand({ logGroupName: log }));
  const RoleName = `${name}-execution`;
  const trust = {
    Effect: "Allow",
    Principal: { Service: "ecs-tasks.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    }),
  );
  const statements = [
    {
      Effect: "Allow",
      Action: ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `arn:aws:logs:${region}:${account}:log-group:${log}:*`,
    },
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret },
  ];
  await putPolicy(iam, RoleName, statements);
  return { repositoryName, secret, log, roleName: RoleName, role: idOf(Role?.Arn), statements };
}

export async function putPolicy(
  iam: IAMClient,
  RoleName: string,
  statements: readonly object[],
): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
}

async function buildDatabase(
  { rds }: Clients,
  name: string,
  { publicSubnets, privateSubnet, databaseGroup }: Network,
) {
  await rds.send(
    new CreateDBSubnetGroupCommand({
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: name,
      SubnetIds: [privateSubnet, publicSubnets[1] ?? ""],
    }),
  );
  const { DBInstance } = await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: name,
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      MasterUsername: "owner",
      MasterUserPassword: "not-a-secret",
      AllocatedStorage: 20,
      Port: 5432,
      DBSubnetGroupName: name,
      VpcSecurityGroupIds: [databaseGroup],
    }),
  );
  return { id: name, host: idOf(DBInstance?.Endpoint?.Address) };
}
