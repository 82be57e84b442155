import { account, boundary, image, nowMs, region } from "./healthy-snapshot.ts";
import { type Mutable, policy } from "./snapshot-values.ts";
import { acme, type Breakage, stop } from "./snapshot-parts.ts";

/** What can be wrong with stacks, services and what they run with. */
export const serviceBreakages: readonly Breakage[] = [
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
];
