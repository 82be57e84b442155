import { type Judgment, judgment } from "../finding.ts";
import type { RegionSnapshot, ServiceSnapshot, Snapshot, StoppedTask } from "../snapshot.ts";
import { subjectOfService } from "../subjects.ts";

/** Tasks that stopped longer ago say nothing about now. */
const recentMs = 3_600_000;

interface Reading {
  readonly code: string;
  /** What is alike in tasks that stopped alike. */
  readonly detail: string;
  readonly what: string;
  readonly fix: readonly string[];
  readonly symptomOf: readonly string[] | null;
}

/** Why tasks of a service stopped: each reason once, in the words of AWS, with what it means. */
export function judgeStoppedTasks(
  service: ServiceSnapshot,
  { region, taskDefinitions }: RegionSnapshot,
  { nowMs }: Snapshot,
): readonly Judgment[] {
  const definition = service.taskDefinition === null ? undefined : taskDefinitions[service.taskDefinition];
  const memoryMiB = definition?.kind === "found" ? definition.value.memoryMiB : null;
  const byCause = new Map<string, { readonly task: StoppedTask; readonly reading: Reading; count: number }>();
  for (const task of service.stoppedTasks) {
    if (nowMs - (task.stoppedAtMs ?? nowMs) > recentMs) continue;
    const reading = readStop(task, { service, region, memoryMiB });
    if (reading === null) continue;
    const key = `${reading.code} ${reading.detail}`;
    const known = byCause.get(key);
    if (known === undefined) byCause.set(key, { task, reading, count: 1 });
    else known.count += 1;
  }
  const subject = subjectOfService(service, region);
  return [...byCause].map(([key, { task, reading, count }]) =>
    judgment({
      severity: "error",
      code: reading.code,
      subject,
      cause: service.tenant === null ? `${service.arn} ${key}` : key,
      what: reading.what,
      because: [
        `${count} ${count === 1 ? "task" : "tasks"} in the last hour, such as ${task.id}: ${task.reason}`,
        ...(task.logLines.length > 0 ? task.logLines : service.logLines),
      ],
      fix: reading.fix,
      symptomOf: reading.symptomOf,
    }),
  );
}

interface Context {
  readonly service: ServiceSnapshot;
  readonly region: string;
  readonly memoryMiB: number | null;
}

function readStop(task: StoppedTask, context: Context): Reading | null {
  const texts = [task.reason, ...task.containers.map(({ reason }) => reason ?? "")].join("\n");
  return readStart(texts, context) ?? readExit(task, texts, context) ?? readHealth(texts, context);
}

const noWay = ["ROUTE_", "NAT_", "NETWORK_ACL_", "VPC_", "SECURITY_GROUP_EGRESS_MISSING"];

/** Why a task did not start (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html). */
function readStart(texts: string, { service: { name }, region }: Context): Reading | null {
  if (texts.includes("CannotPullContainer")) {
    const isTimeout = /i\/o timeout|deadline exceeded|request canceled|no route/i.test(texts);
    const isAbsent = /not found|manifest unknown|does not exist/i.test(texts);
    const isDenied = /denied|403|not authorized|no basic auth/i.test(texts);
    const cause = isAbsent
      ? "the image or its tag does not exist"
      : isTimeout
        ? "the registry cannot be reached"
        : isDenied
          ? "the registry denies it"
          : "the pull failed";
    return {
      code: "IMAGE_CANNOT_BE_PULLED",
      detail: cause,
      what: `tasks of ${name} cannot pull their image: ${cause}`,
      fix: isTimeout
        ? ["give the subnets a route to a NAT gateway, or the VPC endpoints of ecr.api, ecr.dkr and s3"]
        : isDenied
          ? [
              "allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the execution role, and ecr:GetAuthorizationToken on *",
            ]
          : [
              `aws ecr describe-images --region ${region} --repository-name <repository>`,
              "tenantry images push <environment>",
            ],
      symptomOf: ["IMAGE_", "ROLE_", ...noWay],
    };
  }
  if (!texts.includes("ResourceInitializationError")) return null;
  const isLog = /log (driver|group)|ResourceNotFoundException.*log|CreateLogStream/i.test(texts);
  const isAccess = /AccessDenied|not authorized|KMS/i.test(texts);
  const isTimeout = /timeout|deadline exceeded|connection issue|RequestCanceled/i.test(texts);
  const cause = isLog
    ? "its log group cannot be written to"
    : isAccess
      ? "its execution role may not read a secret"
      : isTimeout
        ? "Secrets Manager or the registry cannot be reached"
        : "a secret cannot be read";
  return {
    code: "TASK_CANNOT_INITIALIZE",
    detail: cause,
    what: `tasks of ${name} do not start: ${cause}`,
    fix: [
      isTimeout && !isAccess
        ? "give the subnets a route to a NAT gateway, or the VPC an endpoint of secretsmanager"
        : "see the secrets and log group in the task definition, and what its execution role allows",
    ],
    symptomOf: ["SECRET_", "ROLE_", "LOG_GROUP_", ...noWay],
  };
}

function readExit({ containers }: StoppedTask, texts: string, context: Context): Reading | null {
  const { service, memoryMiB } = context;
  const isOutOfMemory =
    /OutOfMemory/i.test(texts) ||
    containers.some(({ exitCode }) => exitCode === 137 && /memory/i.test(texts));
  if (isOutOfMemory)
    return {
      code: "TASK_OUT_OF_MEMORY",
      detail: "",
      what: `tasks of ${service.name} are killed for want of memory${memoryMiB === null ? "" : `: they have ${memoryMiB} MiB`}`,
      fix: [
        "give the service more memoryMiB in the definition, then deploy",
        "look for what grows: tenantry logs",
      ],
      symptomOf: null,
    };
  const failed = containers.find(({ exitCode }) => exitCode !== null && exitCode !== 0 && exitCode !== 143);
  // A task that ECS killed after SIGTERM ends with 137 too; that is a deployment and no failure.
  const isStoppedByEcs = /Scaling activity|Task stopped by|deployment/i.test(texts);
  if (failed === undefined || (failed.exitCode === 137 && isStoppedByEcs)) return null;
  if (/health checks?/i.test(texts)) return null;
  return {
    code: "CONTAINER_EXITED",
    detail: `${failed.name} ${failed.exitCode}`,
    what: `the container ${failed.name} of ${service.name} exits with ${failed.exitCode}${failed.exitCode === 137 ? " (killed)" : failed.exitCode === 139 ? " (memory fault)" : failed.exitCode === 127 ? " (its command was not found)" : ""}`,
    fix: ["mend what its last log lines say, then release a new image"],
    symptomOf: ["SECRET_", "SECURITY_GROUP_", "NETWORK_ACL_", "DATABASE_"],
  };
}

function readHealth(texts: string, { service: { name } }: Context): Reading | null {
  if (
    /failed (ELB|load balancer|target group)?.*health checks|Request timed out|failed container health checks/i.test(
      texts,
    )
  ) {
    const isContainer = /container health/i.test(texts);
    return {
      code: "HEALTH_CHECKS_FAIL",
      detail: isContainer ? "container" : "load balancer",
      what: `ECS replaces tasks of ${name} because they fail the health checks of ${isContainer ? "their container" : "the load balancer"}`,
      fix: [
        "see what the health check asks for and what the service answers",
        "give a slow start more time: health.gracePeriodSeconds in the definition",
      ],
      symptomOf: ["*"],
    };
  }
  if (/Spot interruption/i.test(texts))
    return {
      code: "SPOT_INTERRUPTED",
      detail: "",
      what: `AWS took back Fargate Spot capacity of ${name}`,
      fix: ["give the service some weight on FARGATE beside FARGATE_SPOT"],
      symptomOf: null,
    };
  return null;
}
