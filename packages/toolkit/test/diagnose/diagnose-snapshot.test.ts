import { assert } from "@tenantry/base";
import { describe, expect, test } from "vitest";
import { diagnoseSnapshot } from "../../src/diagnose/diagnose-snapshot.ts";
import type { Snapshot } from "../../src/diagnose/snapshot.ts";
import {
  account,
  arnsOf,
  boundary,
  certificate,
  healthySnapshot,
  image,
  type Mutable,
  nowMs,
  policy,
  region,
  role,
} from "./healthy-snapshot.ts";

type Broken = Mutable<Snapshot>;

const acme = arnsOf("acme-corp");

/** What a test breaks, without the questions of types that it cannot get wrong. */
function partsOf(snapshot: Broken) {
  const [only] = snapshot.regions;
  assert(only !== undefined && only.network !== null, "the snapshot has a region with a network");
  const [service] = only.services;
  const [loadBalancer] = only.loadBalancers;
  const foundation = only.stacks[0]?.deployed;
  const definition = only.taskDefinitions[acme.definition];
  const targetGroup = only.targetGroups[acme.targetGroup];
  const database = only.databases["main"];
  const execution = snapshot.roles[acme.execution];
  const issued = only.certificates[certificate];
  const secret = only.secrets[acme.secret];
  assert(service !== undefined && loadBalancer !== undefined, "it has a service and a load balancer");
  assert(foundation !== undefined && foundation !== null && foundation !== "unread", "it has stacks");
  assert(definition?.kind === "found" && targetGroup?.kind === "found", "the service has what it needs");
  assert(database?.kind === "found" && execution?.kind === "found", "there is a database and a role");
  assert(issued?.kind === "found" && secret?.kind === "found", "there is a certificate and a secret");
  const [container] = definition.value.containers;
  const [listener] = loadBalancer.listeners;
  const [acl] = only.network.acls;
  assert(container !== undefined && listener?.rules != null && acl !== undefined, "all has its parts");
  return {
    only,
    network: only.network,
    service,
    loadBalancer,
    foundation,
    definition: definition.value,
    container,
    targetGroup: targetGroup.value,
    database: database.value,
    execution: execution.value,
    certificate: issued.value,
    secret: secret.value,
    listener,
    rules: listener.rules,
    acl,
  };
}

type Parts = ReturnType<typeof partsOf>;

function stop(
  parts: Parts,
  given: { reason: string; exitCode?: number; detail?: string; logLines?: string[] },
) {
  parts.service.running = 0;
  parts.service.stoppedTasks.push({
    id: "0123456789abcdef",
    stoppedAtMs: nowMs - 60_000,
    stopCode: null,
    reason: given.reason,
    containers: [{ name: "app", exitCode: given.exitCode ?? null, reason: given.detail ?? null }],
    logLines: given.logLines ?? [],
  });
}

function unhealthy(parts: Parts, reason: string, description = "") {
  for (const target of parts.targetGroup.targets)
    Object.assign(target, { state: "unhealthy", reason, description });
}

const breakages: readonly (readonly [
  title: string,
  breakIt: (parts: Parts, snapshot: Broken) => void,
  code: string,
  what: RegExp,
])[] = [
  [
    "a stack that is not there",
    ({ only }) => Object.assign(only.stacks[1] ?? {}, { deployed: null }),
    "STACK_MISSING",
    /shop-production-data \(data\) is not deployed/,
  ],
  [
    "a stack that could not roll back",
    ({ foundation }) =>
      Object.assign(foundation, {
        status: "UPDATE_ROLLBACK_FAILED",
        failures: [{ logicalId: "Network", type: "AWS::EC2::VPC", reason: "quota exceeded" }],
      }),
    "STACK_FAILED",
    /UPDATE_ROLLBACK_FAILED: Network \(AWS::EC2::VPC\) failed first: quota exceeded/,
  ],
  [
    "a stack that never came to be",
    ({ foundation }) => Object.assign(foundation, { status: "ROLLBACK_COMPLETE" }),
    "STACK_NEVER_CREATED",
    /ROLLBACK_COMPLETE/,
  ],
  [
    "a stack whose last update went back",
    ({ foundation }) => Object.assign(foundation, { status: "UPDATE_ROLLBACK_COMPLETE" }),
    "STACK_ROLLED_BACK",
    /UPDATE_ROLLBACK_COMPLETE/,
  ],
  [
    "a stack that does not end",
    ({ foundation }) =>
      Object.assign(foundation, { status: "UPDATE_IN_PROGRESS", changedAtMs: nowMs - 9 * 3_600_000 }),
    "STACK_STUCK",
    /UPDATE_IN_PROGRESS/,
  ],
  [
    "a stack that is worked on",
    ({ foundation }) => Object.assign(foundation, { status: "UPDATE_IN_PROGRESS", changedAtMs: nowMs }),
    "STACK_IN_PROGRESS",
    /UPDATE_IN_PROGRESS/,
  ],
  [
    "another template",
    ({ foundation }) => Object.assign(foundation, { templateSha256: "old" }),
    "STACK_BEHIND",
    /another template/,
  ],
  [
    "other parameters",
    ({ only }) =>
      Object.assign(only.stacks[3] ?? {}, { declared: { TenantId: "acme-corp", Hosts: "acme.example.com" } }),
    "STACK_PARAMETERS_DIFFER",
    /other values .*: Hosts/,
  ],
  [
    "a service that is gone",
    ({ service }) => Object.assign(service, { isThere: false, status: "INACTIVE" }),
    "SERVICE_MISSING",
    /acme-corp_app/,
  ],
  [
    "a service without enough tasks",
    ({ service }) => Object.assign(service, { running: 1, pending: 1 }),
    "SERVICE_SHORT_OF_TASKS",
    /1 of 2 tasks of acme-corp_app/,
  ],
  [
    "a service at zero",
    ({ service }) => Object.assign(service, { running: 0, desired: 0 }),
    "SERVICE_AT_ZERO",
    /no task at all/,
  ],
  [
    "a failed deployment",
    ({ service }) =>
      Object.assign(service.deployments[0] ?? {}, { rollout: "FAILED", reason: "circuit breaker" }),
    "DEPLOYMENT_ROLLED_BACK",
    /circuit breaker/,
  ],
  [
    "a deployment that does not end",
    ({ service }) => Object.assign(service.deployments[0] ?? {}, { rollout: "IN_PROGRESS" }),
    "DEPLOYMENT_STUCK",
    /not moved for 120 minutes/,
  ],
  [
    "no Spot capacity",
    ({ service }) =>
      Object.assign(service, {
        running: 0,
        events: [
          "(service acme-corp_app) was unable to place a task. Reason: Capacity is unavailable at this time.",
        ],
      }),
    "CAPACITY_UNAVAILABLE",
    /no capacity now/,
  ],
  [
    "a quota",
    ({ service }) =>
      Object.assign(service, {
        running: 0,
        events: ["You've reached the limit on the number of vCPUs you can run concurrently"],
      }),
    "QUOTA_EXHAUSTED",
    /quota/,
  ],
  [
    "an image that cannot be pulled, without a cause that was read",
    (parts) => stop(parts, { reason: "CannotPullContainerError: pull access denied" }),
    "IMAGE_CANNOT_BE_PULLED",
    /the registry denies it/,
  ],
  [
    "a secret that cannot be read, without a cause that was read",
    (parts) =>
      stop(parts, { reason: "ResourceInitializationError: unable to pull secrets: AccessDeniedException" }),
    "TASK_CANNOT_INITIALIZE",
    /execution role may not read a secret/,
  ],
  [
    "too little memory",
    (parts) =>
      stop(parts, {
        reason: "Essential container in task exited",
        exitCode: 137,
        detail: "OutOfMemoryError: container killed",
      }),
    "TASK_OUT_OF_MEMORY",
    /2048 MiB/,
  ],
  [
    "a program that ends",
    (parts) =>
      stop(parts, { reason: "Essential container in task exited", exitCode: 3, logLines: ["no such table"] }),
    "CONTAINER_EXITED",
    /the container app of acme-corp_app exits with 3/,
  ],
  [
    "tasks that fail health checks",
    (parts) => stop(parts, { reason: "Task failed ELB health checks in (target-group acme)", exitCode: 143 }),
    "HEALTH_CHECKS_FAIL",
    /health checks of the load balancer/,
  ],
  [
    "a definition that is gone",
    ({ only }) => Object.assign(only.taskDefinitions, { [acme.definition]: { kind: "missing" } }),
    "TASK_DEFINITION_MISSING",
    /acme-corp_app:1/,
  ],
  [
    "an impossible size",
    ({ definition }) => Object.assign(definition, { memoryMiB: 1024 }),
    "TASK_SIZE_IMPOSSIBLE",
    /1024 CPU units and 1024 MiB/,
  ],
  [
    "an image that is not there",
    ({ only }) => Object.assign(only.images, { [image]: { kind: "missing" } }),
    "IMAGE_MISSING",
    /shop\/app has no image 1\.2\.0/,
  ],
  [
    "a moving tag",
    ({ container, only }) => {
      container.image = `${account}.dkr.ecr.${region}.amazonaws.com/shop/app:latest`;
      Object.assign(only.images, { [container.image]: { kind: "found", value: { tags: ["latest"] } } });
    },
    "IMAGE_TAG_MOVES",
    /no fixed version/,
  ],
  [
    "a secret that is not there",
    ({ only }) => Object.assign(only.secrets, { [acme.secret]: { kind: "missing" } }),
    "SECRET_MISSING",
    /acme-corp\/database/,
  ],
  [
    "a secret marked for deletion",
    ({ secret }) => Object.assign(secret, { deletedAtMs: nowMs }),
    "SECRET_DELETED",
    /marked for deletion/,
  ],
  [
    "a rotation that did not happen",
    ({ secret }) => Object.assign(secret.rotation, { nextAtMs: nowMs - 5 * 86_400_000 }),
    "SECRET_NOT_ROTATED",
    /2026-04-29/,
  ],
  [
    "a log group that is not there",
    ({ only }) => Object.assign(only.logGroups, { [acme.log]: { kind: "missing" } }),
    "LOG_GROUP_MISSING",
    /\/shop\/production\/acme-corp/,
  ],
  [
    "a role that is not there",
    (_, snapshot) => Object.assign(snapshot.roles, { [acme.execution]: { kind: "missing" } }),
    "ROLE_MISSING",
    /execution role acme-corp-execution/,
  ],
  [
    "a trust right for another service",
    ({ execution }) =>
      Object.assign(execution.trust.statements[0] ?? {}, { principals: ["lambda.amazonaws.com"] }),
    "ROLE_NOT_TRUSTED",
    /may not take the execution role/,
  ],
  [
    "a policy without the secret",
    ({ execution }) => {
      const own = execution.policies[0]?.document;
      if (own !== undefined && own !== "unread")
        own.statements = own.statements.filter(
          ({ actions }) => !actions?.includes("secretsmanager:GetSecretValue"),
        );
    },
    "ROLE_LACKS_PERMISSION",
    /may not read the secret acme-corp\/database: its policies do not allow secretsmanager:GetSecretValue/,
  ],
  [
    "an explicit deny",
    ({ execution }) =>
      execution.policies.push({
        name: "deny",
        document: policy([{ Effect: "Deny", Action: "ecr:*", Resource: "*" }]) as Mutable<
          ReturnType<typeof policy>
        >,
      }),
    "ROLE_LACKS_PERMISSION",
    /its policies deny ecr:GetAuthorizationToken, ecr:BatchGetImage/,
  ],
  [
    "a boundary that keeps it back",
    ({ execution }) =>
      Object.assign(execution, {
        boundary: {
          arn: boundary,
          document: policy([{ Effect: "Allow", NotAction: "logs:*", Resource: "*" }]),
        },
      }),
    "ROLE_LACKS_PERMISSION",
    /its permissions boundary .*boundary do not allow logs:CreateLogStream, logs:PutLogEvents/,
  ],
  [
    "a condition that nobody can evaluate",
    ({ execution }) => {
      const own = execution.policies[0]?.document;
      if (own !== undefined && own !== "unread")
        Object.assign(own.statements[3] ?? {}, {
          conditions: { DateLessThan: { "aws:CurrentTime": ["2030-01-01"] } },
        });
    },
    "ROLE_UNCLEAR",
    /hangs on conditions/,
  ],
  [
    "no way out of the load balancer",
    ({ network }) => Object.assign(network.securityGroups["sg-balancer"] ?? {}, { egress: [] }),
    "SECURITY_GROUP_EGRESS_MISSING",
    /the load balancer may not open connections .* on port 8080/,
  ],
  [
    "no way into the tasks",
    ({ network }) => Object.assign(network.securityGroups[acme.group] ?? {}, { ingress: [] }),
    "SECURITY_GROUP_INGRESS_MISSING",
    /the tasks of acme-corp_app takes? no connections from the load balancer on port 8080/,
  ],
  [
    "no way into the database",
    ({ network }) => Object.assign(network.securityGroups["sg-database"] ?? {}, { ingress: [] }),
    "SECURITY_GROUP_INGRESS_MISSING",
    /the database main takes no connections/,
  ],
  [
    "tasks that do not carry the client group",
    ({ service }) => Object.assign(service, { securityGroups: [acme.group, "sg-target"] }),
    "SECURITY_GROUP_INGRESS_MISSING",
    /the database main takes no connections from the tasks of acme-corp_app on port 5432/,
  ],
  [
    "a network ACL",
    ({ acl }) =>
      acl.entries.push({
        number: 50,
        direction: "ingress",
        action: "deny",
        protocol: "6",
        cidr: "10.0.0.0/24",
        fromPort: 8080,
        toPort: 8080,
      }),
    "NETWORK_ACL_REFUSES",
    /acl-1 refuses connections of the load balancer .* port 8080 from 10\.0\.0\.0/,
  ],
  [
    "a network ACL without answers",
    ({ acl }) =>
      acl.entries.push({
        number: 50,
        direction: "egress",
        action: "deny",
        protocol: "6",
        cidr: "10.0.0.0/24",
        fromPort: 1024,
        toPort: 65_535,
      }),
    "NETWORK_ACL_REFUSES",
    /refuses answers of the tasks/,
  ],
  [
    "no route",
    ({ network }) => Object.assign(network.routeTables[1] ?? {}, { routes: [] }),
    "ROUTE_MISSING",
    /rtb-private has no way to the internet/,
  ],
  [
    "a route to nothing",
    ({ network }) => Object.assign(network.routeTables[1]?.routes[1] ?? {}, { isBlackhole: true }),
    "ROUTE_BLACKHOLE",
    /nat-1, which does not exist/,
  ],
  [
    "a route for public addresses only",
    ({ network }) => Object.assign(network.routeTables[1]?.routes[1] ?? {}, { target: "igw-1" }),
    "ROUTE_MISSING",
    /igw-1, which only serves/,
  ],
  [
    "a NAT gateway that failed",
    ({ network }) => Object.assign(network.natGateways["nat-1"] ?? {}, { state: "failed" }),
    "NAT_GATEWAY_UNUSABLE",
    /nat-1 is failed/,
  ],
  [
    "a NAT gateway in a private subnet",
    ({ network }) => Object.assign(network.natGateways["nat-1"] ?? {}, { subnet: "subnet-private-a" }),
    "NAT_GATEWAY_UNUSABLE",
    /does not lead to an internet gateway/,
  ],
  [
    "an endpoint that lets nobody in",
    ({ network }) => endpoint(network, ["sg-database"]),
    "VPC_ENDPOINT_UNUSABLE",
    /the endpoint of secretsmanager takes no connections/,
  ],
  [
    "endpoints without DNS",
    ({ network }) => {
      endpoint(network, ["sg-endpoint"]);
      Object.assign(network.vpcs["vpc-1"] ?? {}, { dnsHostnames: false });
    },
    "VPC_DNS_OFF",
    /dns hostnames is off in vpc-1/,
  ],
  [
    "a target group that is gone",
    ({ only }) => Object.assign(only.targetGroups, { [acme.targetGroup]: { kind: "missing" } }),
    "TARGET_GROUP_MISSING",
    /does not exist/,
  ],
  [
    "targets that answer with another code",
    (parts) =>
      unhealthy(parts, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]"),
    "HEALTH_CODE_UNEXPECTED",
    /2 of 2 targets .* GET \/healthz answers 404, and the health check takes 200-399/,
  ],
  [
    "targets that do not answer",
    (parts) => unhealthy(parts, "Target.Timeout", "Request timed out"),
    "TARGET_TIMEOUT",
    /does not answer within 5 s/,
  ],
  [
    "targets that refuse",
    (parts) => unhealthy(parts, "Target.FailedHealthChecks"),
    "TARGET_REFUSES",
    /refused or broken off/,
  ],
  [
    "tasks that are not registered",
    ({ targetGroup }) => Object.assign(targetGroup, { targets: [] }),
    "TARGETS_NOT_REGISTERED",
    /2 tasks of acme-corp_app run and none is registered/,
  ],
  [
    "a rule that is gone",
    ({ rules }) => void rules.shift(),
    "LISTENER_RULE_MISSING",
    /no rule of a listener leads to acme-corp_app: its hosts get the default answer/,
  ],
  [
    "a rule for another host",
    ({ rules }) => Object.assign(rules[0] ?? {}, { hosts: ["other.example.com"] }),
    "LISTENER_RULE_HOST",
    /does not take acme-corp\.example\.com: it takes other\.example\.com/,
  ],
  [
    "a rule before it",
    ({ rules }) =>
      rules.push({
        arn: "rule-0",
        priority: "0",
        hosts: ["acme-corp.*"],
        paths: [],
        targetGroups: ["other"],
      }),
    "LISTENER_RULE_SHADOWED",
    /priority 0 takes them before that of priority 1/,
  ],
  [
    "a load balancer without listener",
    ({ loadBalancer }) => Object.assign(loadBalancer, { listeners: [] }),
    "LISTENER_MISSING",
    /takes no connections/,
  ],
  [
    "a load balancer that failed",
    ({ loadBalancer }) => Object.assign(loadBalancer, { state: "failed" }),
    "LOAD_BALANCER_NOT_ACTIVE",
    /is failed/,
  ],
  [
    "a certificate that is gone",
    ({ only }) => Object.assign(only.certificates, { [certificate]: { kind: "missing" } }),
    "CERTIFICATE_MISSING",
    /does not exist/,
  ],
  [
    "a certificate that waits",
    ({ certificate: one }) =>
      Object.assign(one, {
        status: "PENDING_VALIDATION",
        pending: [
          {
            domain: "example.com",
            record: { name: "_x.example.com.", type: "CNAME", value: "_y.acm-validations.aws." },
          },
        ],
      }),
    "CERTIFICATE_NOT_VALIDATED",
    /waits for proof/,
  ],
  [
    "a certificate that failed",
    ({ certificate: one }) => Object.assign(one, { status: "FAILED", failure: "CAA_ERROR" }),
    "CERTIFICATE_NOT_ISSUED",
    /FAILED: CAA_ERROR/,
  ],
  [
    "a certificate that ends soon",
    ({ certificate: one }) => Object.assign(one, { expiresAtMs: nowMs + 10 * 86_400_000 }),
    "CERTIFICATE_EXPIRES",
    /expires in 10 days/,
  ],
  [
    "a certificate that ended",
    ({ certificate: one }) => Object.assign(one, { expiresAtMs: nowMs - 1 }),
    "CERTIFICATE_EXPIRED",
    /has expired/,
  ],
  [
    "a host without record",
    (_, { hosts }) => Object.assign(hosts[0] ?? {}, { targets: [] }),
    "HOST_HAS_NO_RECORD",
    /acme-corp\.example\.com does not resolve/,
  ],
  [
    "a host that leads elsewhere",
    (_, { hosts }) => Object.assign(hosts[0] ?? {}, { targets: ["old.elb.amazonaws.com"] }),
    "HOST_LEADS_ELSEWHERE",
    /leads to old\.elb/,
  ],
  [
    "a database that is gone",
    ({ only }) => Object.assign(only.databases, { main: { kind: "missing" } }),
    "DATABASE_MISSING",
    /main was made by its stack/,
  ],
  [
    "a database that stopped",
    ({ database }) => Object.assign(database, { status: "stopped" }),
    "DATABASE_NOT_AVAILABLE",
    /main \(aurora-postgresql\) is stopped/,
  ],
  [
    "a database without storage",
    ({ database }) => Object.assign(database, { status: "storage-full" }),
    "DATABASE_STORAGE_FULL",
    /storage-full/,
  ],
  [
    "a database without endpoint",
    ({ database }) => Object.assign(database, { endpoint: null }),
    "DATABASE_NO_ENDPOINT",
    /no endpoint/,
  ],
  [
    "an administrator's secret that is impaired",
    ({ database }) => Object.assign(database.masterSecret ?? {}, { status: "impaired" }),
    "DATABASE_SECRET_IMPAIRED",
    /impaired/,
  ],
  [
    "an alarm",
    ({ only }) =>
      only.alarms.push({
        name: "shop-production-main-connections",
        description: "Too many connections.",
        reason: "90 > 80",
      }),
    "ALARM_RINGS",
    /Too many connections/,
  ],
  [
    "something that is denied",
    (_, { unread }) => unread.push({ action: "iam:GetPolicy", region: null, isDenied: true, detail: "no" }),
    "READING_DENIED",
    /iam:GetPolicy is denied/,
  ],
  [
    "something that does not answer",
    (_, { unread }) => unread.push({ action: "ecs:ListTasks", region, isDenied: false, detail: "no" }),
    "READING_FAILED",
    /incomplete/,
  ],
];

function endpoint(network: Parts["network"], securityGroups: string[]) {
  network.endpoints.push({
    id: "vpce-1",
    vpc: "vpc-1",
    service: "secretsmanager",
    kind: "Interface",
    state: "available",
    hasPrivateDns: true,
    securityGroups,
    subnets: ["subnet-private-a"],
    routeTables: [],
  });
  network.securityGroups["sg-endpoint"] = {
    id: "sg-endpoint",
    name: "endpoint",
    ingress: [
      { protocol: "tcp", fromPort: 443, toPort: 443, cidrs: ["10.0.0.0/16"], groups: [], prefixLists: [] },
    ],
    egress: [],
  };
}

describe("diagnosing what was read", () => {
  test("finds nothing where nothing is wrong, endpoints of the VPC included", () => {
    expect(diagnoseSnapshot(healthySnapshot())).toEqual([]);
    const withEndpoint = healthySnapshot();
    endpoint(partsOf(withEndpoint).network, ["sg-endpoint"]);
    expect(diagnoseSnapshot(withEndpoint)).toEqual([]);
  });

  test.for(breakages)("names exactly %s", ([, breakIt, code, what]) => {
    const snapshot = healthySnapshot();
    breakIt(partsOf(snapshot), snapshot);
    const findings = diagnoseSnapshot(snapshot);
    expect(findings.map((one) => one.code)).toEqual([code]);
    expect(findings[0]?.what).toMatch(what);
    expect(findings[0]?.fix).not.toEqual([]);
  });

  test("tells consequences with their cause: a missing image stops tasks, and so the service is short of them", () => {
    const snapshot = healthySnapshot();
    const parts = partsOf(snapshot);
    Object.assign(parts.only.images, { [image]: { kind: "missing" } });
    stop(parts, { reason: "CannotPullContainerError: shop/app:1.2.0: not found" });
    Object.assign(parts.service.deployments[0] ?? {}, { rollout: "FAILED", reason: "tasks failed to start" });
    const findings = diagnoseSnapshot(snapshot);
    expect(findings.map(({ code }) => code)).toEqual(["IMAGE_MISSING"]);
    expect(findings[0]?.symptoms).toEqual([
      "0 of 2 tasks of acme-corp_app run, 0 are starting",
      "the last deployment of acme-corp_app failed: tasks failed to start",
      "tasks of acme-corp_app cannot pull their image: the image or its tag does not exist",
    ]);
  });

  test("a cause explains nothing that it does not concern", () => {
    const snapshot = healthySnapshot();
    const { only } = partsOf(snapshot);
    Object.assign(only.secrets, { [acme.secret]: { kind: "missing" } });
    Object.assign(only.services[1] ?? {}, { running: 0 });
    expect(diagnoseSnapshot(snapshot).map(({ code }) => code)).toEqual([
      "SECRET_MISSING",
      "SERVICE_SHORT_OF_TASKS",
    ]);
  });

  test("what many tenants suffer from alike is one finding, shared or each their own", () => {
    const snapshot = healthySnapshot();
    const { only, network } = partsOf(snapshot);
    for (const tenant of ["acme-corp", "globex-inc"] as const) {
      Object.assign(only.logGroups, { [arnsOf(tenant).log]: { kind: "missing" } });
    }
    Object.assign(network.securityGroups["sg-balancer"] ?? {}, { egress: [] });
    const findings = diagnoseSnapshot(snapshot);
    expect(findings.map(({ code, affected }) => [code, affected.map(({ tenant }) => tenant)])).toEqual([
      ["LOG_GROUP_MISSING", ["acme-corp", "globex-inc"]],
      ["SECURITY_GROUP_EGRESS_MISSING", ["acme-corp", "globex-inc"]],
    ]);
  });

  test("what could not be read is not taken for missing", () => {
    const snapshot = healthySnapshot();
    const { only } = partsOf(snapshot);
    const unread = <T extends object>(lookup: T) =>
      Object.assign(lookup, Object.fromEntries(Object.keys(lookup).map((id) => [id, { kind: "unread" }])));
    for (const lookup of [
      only.taskDefinitions,
      only.targetGroups,
      only.certificates,
      only.secrets,
      only.images,
      only.logGroups,
      only.databases,
      snapshot.roles,
    ])
      unread(lookup);
    Object.assign(only, { network: null });
    for (const stack of only.stacks) Object.assign(stack, { deployed: "unread" });
    expect(diagnoseSnapshot(snapshot)).toEqual([]);
  });

  test("puts the worst first", () => {
    const snapshot = healthySnapshot();
    const parts = partsOf(snapshot);
    Object.assign(parts.foundation, { templateSha256: "old" });
    Object.assign(parts.certificate, { expiresAtMs: nowMs + 86_400_000 });
    Object.assign(snapshot.roles, { [acme.task]: { kind: "missing" } });
    expect(diagnoseSnapshot(snapshot).map(({ severity }) => severity)).toEqual(["error", "warning", "note"]);
  });

  test("a role with an unread policy is not said to lack anything", () => {
    const snapshot = healthySnapshot();
    const unread = {
      ...role(acme.execution, []),
      policies: [{ name: "managed", document: "unread" as const }],
    };
    Object.assign(snapshot.roles, { [acme.execution]: { kind: "found", value: unread } });
    expect(diagnoseSnapshot(snapshot).map(({ code }) => code)).toEqual(["ROLE_UNCLEAR"]);
  });
});
