import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  type Service,
  type Task,
} from "@aws-sdk/client-ecs";
import { readFailure } from "../../aws/cloud/cloud-failure.ts";
import type { ServiceFacts, ServiceInspector } from "../inspector.ts";
import type { ContainerSnapshot, StoppedTask, TaskDefinitionSnapshot } from "../snapshot.ts";
import { caller, chunks, orMissing, present, type Reading } from "./reading.ts";

/** How many services DescribeServices takes. */
const servicesMax = 10;
/** How many stopped tasks of one service are looked at. */
const stoppedMax = 20;
const eventsMax = 10;

export function serviceReader(reading: Reading): ServiceInspector {
  const client = new ECSClient(reading.config);
  const run = caller(reading, "ecs");
  return {
    describe: async (cluster, arns) => {
      const found = new Map<string, ServiceFacts>();
      for (const services of chunks(arns, servicesMax)) {
        const ask = new DescribeServicesCommand({ cluster, services: [...services] });
        const answer = await run("DescribeServices", () => orMissing(client.send(ask), "ClusterNotFound"));
        for (const service of answer?.services ?? []) found.set(service.serviceArn ?? "", factsOf(service));
      }
      return found;
    },
    stopped: async (cluster, serviceName) => {
      const ask = { cluster, serviceName, desiredStatus: "STOPPED", maxResults: 100 } as const;
      const listed = await run("ListTasks", () => client.send(new ListTasksCommand(ask)));
      const tasks = listed.taskArns?.slice(0, stoppedMax) ?? [];
      if (tasks.length === 0) return [];
      const described = await run("DescribeTasks", () =>
        client.send(new DescribeTasksCommand({ cluster, tasks })),
      );
      const stopped = (described.tasks ?? []).filter(({ lastStatus }) => lastStatus === "STOPPED");
      return stopped.map(stoppedTask).toSorted((a, b) => (b.stoppedAtMs ?? 0) - (a.stoppedAtMs ?? 0));
    },
    taskDefinition: (arn) =>
      run("DescribeTaskDefinition", async () => {
        const ask = new DescribeTaskDefinitionCommand({ taskDefinition: arn });
        const answer = await client.send(ask).catch((failure: unknown) => {
          // ECS has no error of its own for a definition that is not there.
          const { name, message } = readFailure(failure);
          if (
            name === "ClientException" &&
            /unable to (describe|find)|not found|does not exist/i.test(message)
          )
            return null;
          throw failure;
        });
        const definition = answer?.taskDefinition;
        if (definition === undefined) return null;
        return {
          arn: definition.taskDefinitionArn ?? arn,
          family: definition.family ?? "",
          isFargate: (definition.requiresCompatibilities ?? definition.compatibilities ?? []).includes(
            "FARGATE",
          ),
          cpu: numberOf(definition.cpu),
          memoryMiB: numberOf(definition.memory),
          taskRole: definition.taskRoleArn ?? null,
          executionRole: definition.executionRoleArn ?? null,
          containers: (definition.containerDefinitions ?? []).map(containerOf),
        } satisfies TaskDefinitionSnapshot;
      }),
  };
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text);
}

function factsOf(service: Service): ServiceFacts {
  const network = service.networkConfiguration?.awsvpcConfiguration;
  return {
    arn: service.serviceArn ?? "",
    name: service.serviceName ?? "",
    cluster: (service.clusterArn ?? "").split("/").at(-1) ?? "",
    status: service.status ?? "",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    taskDefinition: service.taskDefinition ?? null,
    targets: (service.loadBalancers ?? []).flatMap(({ targetGroupArn, containerName, containerPort }) =>
      targetGroupArn === undefined
        ? []
        : [{ targetGroup: targetGroupArn, container: containerName ?? "", port: containerPort ?? 0 }],
    ),
    subnets: present(network?.subnets),
    securityGroups: present(network?.securityGroups),
    hasPublicAddress: network?.assignPublicIp === "ENABLED",
    deployments: (service.deployments ?? []).map((one) => ({
      id: one.id ?? "",
      status: one.status ?? "",
      rollout: one.rolloutState ?? null,
      reason: one.rolloutStateReason ?? null,
      failedTasks: one.failedTasks ?? 0,
      updatedAtMs: one.updatedAt?.getTime() ?? 0,
    })),
    events: (service.events ?? []).slice(0, eventsMax).map(({ message }) => message ?? ""),
  };
}

function stoppedTask(task: Task): Omit<StoppedTask, "logLines"> {
  return {
    id: task.taskArn?.split("/").at(-1) ?? "",
    stoppedAtMs: (task.stoppedAt ?? task.stoppingAt)?.getTime() ?? null,
    stopCode: task.stopCode ?? null,
    reason: task.stoppedReason ?? "",
    containers: (task.containers ?? []).map(({ name, exitCode, reason }) => ({
      name: name ?? "",
      exitCode: exitCode ?? null,
      reason: reason ?? null,
    })),
  };
}

function containerOf(container: ContainerDefinition): ContainerSnapshot {
  const log = container.logConfiguration;
  const options = log?.logDriver === "awslogs" ? log.options : undefined;
  // A log group that the driver makes itself is not missing.
  const isMade = options?.["awslogs-create-group"] === "true";
  return {
    name: container.name ?? "",
    image: container.image ?? "",
    isEssential: container.essential ?? true,
    secrets: (container.secrets ?? []).map(({ name, valueFrom }) => ({
      name: name ?? "",
      from: valueFrom ?? "",
    })),
    logGroup: isMade ? null : (options?.["awslogs-group"] ?? null),
    logPrefix: options?.["awslogs-stream-prefix"] ?? null,
    environment: Object.fromEntries(
      (container.environment ?? []).map(({ name, value }) => [name ?? "", value ?? ""]),
    ),
  };
}
