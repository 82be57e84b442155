import type { RoleSnapshot } from "../../src/diagnose/iam/role-snapshot.ts";
import type { NetworkSnapshot, SecurityGroupRule } from "../../src/diagnose/network/network-snapshot.ts";
import type { Found, RegionSnapshot, ServiceSnapshot, Snapshot } from "../../src/diagnose/snapshot.ts";
import type { StackSnapshot } from "../../src/diagnose/stack-snapshot.ts";
import { type Mutable, policy } from "./snapshot-values.ts";

export const region = "us-east-1";
export const account = "123456789012";
export const nowMs = Date.parse("2026-05-04T12:00:00Z");
export const tenants = ["acme-corp", "globex-inc"] as const;
export const image = `${account}.dkr.ecr.${region}.amazonaws.com/shop/app:1.2.0`;
export const databaseHost = "main.cluster-abc.us-east-1.rds.amazonaws.com";
export const balancer = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/shop/1`;
export const listener = `arn:aws:elasticloadbalancing:${region}:${account}:listener/app/shop/1/1`;
export const certificate = `arn:aws:acm:${region}:${account}:certificate/1`;
export const boundary = `arn:aws:iam::${account}:policy/boundary`;

export const arnsOf = (tenant: string) => ({
  service: `arn:aws:ecs:${region}:${account}:service/shop-cell-1/${tenant}_app`,
  definition: `arn:aws:ecs:${region}:${account}:task-definition/${tenant}_app:1`,
  targetGroup: `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${tenant}/1`,
  rule: `${listener.replace("listener/", "listener-rule/")}/${tenant}`,
  execution: `arn:aws:iam::${account}:role/${tenant}-execution`,
  task: `arn:aws:iam::${account}:role/${tenant}-task`,
  secret: `arn:aws:secretsmanager:${region}:${account}:secret:${tenant}/database-AbCdEf`,
  key: `arn:aws:kms:${region}:${account}:key/secrets`,
  log: `/shop/production/${tenant}`,
  group: `sg-${tenant}`,
});

export function found<T>(value: T): Found<T> {
  return { kind: "found", value };
}

/** An environment with a load balancer, a database and two tenants that have a service to themselves. Nothing is wrong with it. */
export function healthySnapshot(): Mutable<Snapshot> {
  const byArn = <T>(entries: readonly (readonly [string, T])[]) =>
    Object.fromEntries(entries.map(([arn, value]) => [arn, found(value)]));
  const only: RegionSnapshot = {
    region,
    stacks: ["foundation", "data", "cell-1"]
      .map((id) => stackOf(id, null))
      .concat(tenants.map((id) => stackOf(`tenant/${id}`, id))),
    services: tenants.map(serviceOf),
    taskDefinitions: byArn(tenants.map((tenant) => [arnsOf(tenant).definition, definitionOf(tenant)])),
    targetGroups: byArn(
      tenants.map((tenant, index) => [arnsOf(tenant).targetGroup, targetGroupOf(tenant, index)]),
    ),
    loadBalancers: [
      {
        arn: balancer,
        dnsName: "shop-1.us-east-1.elb.amazonaws.com",
        state: "active",
        securityGroups: ["sg-balancer"],
        subnets: ["subnet-public"],
        listeners: [
          {
            arn: listener,
            port: 443,
            protocol: "HTTPS",
            certificates: [certificate],
            rules: [
              ...tenants.map((tenant, index) => ({
                arn: arnsOf(tenant).rule,
                priority: String(index + 1),
                hosts: [`${tenant}.example.com`],
                paths: [],
                targetGroups: [arnsOf(tenant).targetGroup],
              })),
              { arn: `${listener}/default`, priority: "default", hosts: [], paths: [], targetGroups: [] },
            ],
          },
        ],
      },
    ],
    certificates: byArn([
      [
        certificate,
        {
          arn: certificate,
          domain: "*.example.com",
          status: "ISSUED",
          failure: null,
          expiresAtMs: nowMs + 200 * 86_400_000,
          pending: [],
        },
      ],
    ]),
    network: network(),
    secrets: byArn(
      tenants.map((tenant) => [
        arnsOf(tenant).secret,
        {
          arn: arnsOf(tenant).secret,
          name: `${tenant}/database`,
          deletedAtMs: null,
          kmsKey: arnsOf(tenant).key,
          rotation: { isOn: true, lastAtMs: nowMs - 86_400_000, nextAtMs: nowMs + 86_400_000 },
        },
      ]),
    ),
    images: { [image]: found({ tags: ["1.2.0"] }) },
    logGroups: byArn(tenants.map((tenant) => [arnsOf(tenant).log, { name: arnsOf(tenant).log }])),
    databases: byArn([
      [
        "main",
        {
          id: "main",
          kind: "cluster" as const,
          engine: "aurora-postgresql",
          status: "available",
          endpoint: databaseHost,
          port: 5432,
          securityGroups: ["sg-database"],
          subnets: ["subnet-private-a", "subnet-private-b"],
          masterSecret: {
            arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:main",
            status: "active",
          },
        },
      ],
    ]),
    alarms: [],
  };
  const snapshot: Snapshot = {
    platform: "shop",
    environment: "production",
    account,
    nowMs,
    regions: [only],
    hosts: tenants.map((tenant) => ({
      host: `${tenant}.example.com`,
      tenant,
      region,
      zone: "Z1",
      targets: ["shop-1.us-east-1.elb.amazonaws.com"],
      expected: ["shop-1.us-east-1.elb.amazonaws.com"],
    })),
    roles: byArn(
      tenants.flatMap((tenant) => [
        [arnsOf(tenant).execution, executionRole(tenant)] as const,
        [arnsOf(tenant).task, role(arnsOf(tenant).task, [])] as const,
      ]),
    ),
    unread: [],
  };
  return structuredClone(snapshot) as Mutable<Snapshot>;
}

function stackOf(id: string, tenant: string | null): StackSnapshot {
  const declared = tenant === null ? {} : { TenantId: tenant, Hosts: `${tenant}.example.com` };
  return {
    id,
    stackName: `shop-production-${id.replace("/", "-")}`,
    tenant,
    declared,
    templateSha256: "abc",
    deployed: {
      status: "CREATE_COMPLETE",
      statusReason: null,
      changedAtMs: nowMs - 3_600_000,
      templateSha256: "abc",
      parameters: Object.fromEntries(
        Object.entries(declared).map(([name, value]) => [name, { value, resolved: null }]),
      ),
      resources: [],
      failures: [],
    },
  };
}

function serviceOf(tenant: string): ServiceSnapshot {
  const { service, definition, targetGroup, group } = arnsOf(tenant);
  return {
    arn: service,
    name: `${tenant}_app`,
    cluster: "shop-cell-1",
    tenant,
    isThere: true,
    status: "ACTIVE",
    desired: 2,
    running: 2,
    pending: 0,
    taskDefinition: definition,
    targets: [{ targetGroup, container: "app", port: 8080 }],
    subnets: ["subnet-private-a", "subnet-private-b"],
    securityGroups: [group, "sg-target", "sg-client"],
    hasPublicAddress: false,
    deployments: [
      {
        id: "ecs-svc/1",
        status: "PRIMARY",
        rollout: "COMPLETED",
        reason: null,
        failedTasks: 0,
        updatedAtMs: nowMs - 7_200_000,
      },
    ],
    events: [],
    stoppedTasks: [],
    logLines: [],
  };
}

function definitionOf(tenant: string) {
  const { definition, execution, task, secret, log } = arnsOf(tenant);
  return {
    arn: definition,
    family: `${tenant}_app`,
    isFargate: true,
    cpu: 1024,
    memoryMiB: 2048,
    taskRole: task,
    executionRole: execution,
    containers: [
      {
        name: "app",
        image,
        isEssential: true,
        secrets: [{ name: "MAIN_PASSWORD", from: `${secret}:password::` }],
        logGroup: log,
        logPrefix: "app",
        environment: { MAIN_URL: `postgresql://${databaseHost}:5432/shop` },
      },
    ],
  };
}

function targetGroupOf(tenant: string, index: number) {
  return {
    arn: arnsOf(tenant).targetGroup,
    port: 8080,
    healthPath: "/healthz",
    healthPort: "traffic-port",
    matcher: "200-399",
    timeoutSeconds: 5,
    loadBalancers: [balancer],
    targets: ["10.0.1", "10.0.2"].map((net) => ({
      id: `${net}.${10 + index}`,
      port: 8080,
      state: "healthy",
      reason: null,
      description: null,
    })),
  };
}

export function rule(given: Partial<SecurityGroupRule>): SecurityGroupRule {
  return { protocol: "tcp", fromPort: null, toPort: null, cidrs: [], groups: [], prefixLists: [], ...given };
}

const everywhere = rule({ protocol: "-1", cidrs: ["0.0.0.0/0"] });

function network(): NetworkSnapshot {
  const group = (
    id: string,
    ingress: readonly SecurityGroupRule[],
    egress: readonly SecurityGroupRule[] = [],
  ) => ({
    id,
    name: id,
    ingress,
    egress,
  });
  const subnet = (id: string, cidr: string) => ({
    id,
    vpc: "vpc-1",
    cidr,
    zone: "us-east-1a",
    freeAddresses: 200,
  });
  const groups = [
    group(
      "sg-balancer",
      [rule({ fromPort: 443, toPort: 443, cidrs: ["0.0.0.0/0"] })],
      [rule({ fromPort: 8080, toPort: 8080, groups: ["sg-target"] })],
    ),
    group("sg-target", []),
    group("sg-client", [], [rule({ fromPort: 5432, toPort: 5432, groups: ["sg-database"] })]),
    group("sg-database", [rule({ fromPort: 5432, toPort: 5432, groups: ["sg-client"] })]),
    ...tenants.map((tenant) =>
      group(
        arnsOf(tenant).group,
        [rule({ fromPort: 8080, toPort: 8080, groups: ["sg-balancer"] })],
        [everywhere],
      ),
    ),
  ];
  return {
    vpcs: { "vpc-1": { id: "vpc-1", dnsSupport: true, dnsHostnames: true } },
    subnets: {
      "subnet-public": subnet("subnet-public", "10.0.0.0/24"),
      "subnet-private-a": subnet("subnet-private-a", "10.0.1.0/24"),
      "subnet-private-b": subnet("subnet-private-b", "10.0.2.0/24"),
    },
    securityGroups: Object.fromEntries(groups.map((one) => [one.id, one])),
    acls: [
      {
        id: "acl-1",
        vpc: "vpc-1",
        isDefault: true,
        subnets: ["subnet-public", "subnet-private-a", "subnet-private-b"],
        entries: (["ingress", "egress"] as const).flatMap((direction) => [
          {
            number: 100,
            direction,
            action: "allow" as const,
            protocol: "-1",
            cidr: "0.0.0.0/0",
            fromPort: null,
            toPort: null,
          },
          {
            number: 32_767,
            direction,
            action: "deny" as const,
            protocol: "-1",
            cidr: "0.0.0.0/0",
            fromPort: null,
            toPort: null,
          },
        ]),
      },
    ],
    routeTables: [
      {
        id: "rtb-public",
        vpc: "vpc-1",
        isMain: true,
        subnets: ["subnet-public"],
        routes: [
          { destination: "10.0.0.0/16", target: "local", isBlackhole: false },
          { destination: "0.0.0.0/0", target: "igw-1", isBlackhole: false },
        ],
      },
      {
        id: "rtb-private",
        vpc: "vpc-1",
        isMain: false,
        subnets: ["subnet-private-a", "subnet-private-b"],
        routes: [
          { destination: "10.0.0.0/16", target: "local", isBlackhole: false },
          { destination: "0.0.0.0/0", target: "nat-1", isBlackhole: false },
        ],
      },
    ],
    endpoints: [],
    natGateways: { "nat-1": { state: "available", subnet: "subnet-public" } },
  };
}

export function role(arn: string, statements: readonly object[]): RoleSnapshot {
  return {
    arn,
    name: arn.split("/").at(-1) ?? "",
    trust: policy([
      {
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${account}:*` },
        },
      },
    ]),
    boundary: { arn: boundary, document: policy([{ Effect: "Allow", Action: "*", Resource: "*" }]) },
    policies: [{ name: "own", document: policy(statements) }],
  };
}

function executionRole(tenant: string): RoleSnapshot {
  const { execution, secret, log, key } = arnsOf(tenant);
  return role(execution, [
    { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: `arn:aws:ecr:${region}:${account}:repository/shop/*`,
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `arn:aws:logs:${region}:${account}:log-group:${log}:*`,
    },
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: key,
      Condition: {
        StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
        StringLike: { "kms:EncryptionContext:SecretARN": secret },
      },
    },
  ]);
}
