import type { PlatformService } from "@tenantry/model";
import { Aws } from "aws-cdk-lib";
import { CfnTaskDefinition } from "aws-cdk-lib/aws-ecs";
import { Construct } from "constructs";
import { acknowledge } from "../stack/acknowledge.ts";

export interface TaskDefinitionProps {
  readonly service: Pick<
    PlatformService,
    "name" | "port" | "protocol" | "cpuUnits" | "memoryMiB" | "architecture" | "container"
  >;
  /** Name of the family of which this is a revision. */
  readonly family: string;
  readonly image: string;
  readonly taskRoleArn: string;
  readonly executionRoleArn: string;
  readonly logGroupName: string;
  /** Environment variables: no credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables that ECS fills: name → ARN of a secret (`valueFrom`). */
  readonly secrets: Readonly<Record<string, string>>;
  /** Containers beside it, such as a collector of traces; they share its CPU and memory. Default none. */
  readonly sidecars?: readonly CfnTaskDefinition.ContainerDefinitionProperty[];
}

/** Seconds between "stop" and the end of a task: time for the requests that it has. Fargate allows 120. */
const stopTimeoutSeconds = 60;

/** How a copy of a service runs on Fargate: unprivileged, with nothing to write to but /tmp. */
export class TaskDefinition extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    const { service } = props;
    const definition = new CfnTaskDefinition(this, "Resource", {
      family: props.family,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(service.cpuUnits),
      memory: String(service.memoryMiB),
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: service.architecture === "arm64" ? "ARM64" : "X86_64",
      },
      taskRoleArn: props.taskRoleArn,
      executionRoleArn: props.executionRoleArn,
      containerDefinitions: [container(props), ...(props.sidecars ?? [])],
    });
    acknowledge(definition, "AwsSolutions-ECS2", "They say where things are; credentials come as secrets.");
    this.arn = definition.ref;
  }
}

/** The name of a port, by which Service Connect knows it. */
export const portName = "main";

function container(props: TaskDefinitionProps): CfnTaskDefinition.ContainerDefinitionProperty {
  const { environment, secrets, service } = props;
  const { readOnlyRoot, userId } = service.container;
  const sorted = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: service.name,
    image: props.image,
    essential: true,
    user: String(userId),
    readonlyRootFilesystem: readOnlyRoot,
    privileged: false,
    linuxParameters: {
      // Reaps the processes that a program leaves behind, and hands it the signal to stop.
      initProcessEnabled: true,
      ...(userId === 0 ? {} : { capabilities: { drop: ["ALL"] } }),
      ...(readOnlyRoot ? { tmpfs: [temporary(service.memoryMiB)] } : {}),
    },
    portMappings: [
      {
        name: portName,
        containerPort: service.port,
        protocol: "tcp",
        ...(service.protocol === "tcp" ? {} : { appProtocol: service.protocol }),
      },
    ],
    environment: sorted({ ...environment, PORT: String(service.port) }).map(([name, value]) => ({
      name,
      value,
    })),
    secrets: sorted(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    stopTimeout: stopTimeoutSeconds,
    logConfiguration: awsLogs(props.logGroupName, service.name),
  };
}

/**
 * Memory as a file system that every user may write to, within the task's own memory. A bind mount would be root's.
 * https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/
 */
function temporary(memoryMiB: number): CfnTaskDefinition.TmpfsProperty {
  return {
    containerPath: "/tmp",
    size: Math.min(512, Math.max(16, Math.floor(memoryMiB / 8))),
    mountOptions: ["rw", "nosuid", "nodev"],
  };
}

/** A log that CloudWatch does not take in time never stops the program; the oldest lines are lost then. */
export function awsLogs(group: string, prefix: string): CfnTaskDefinition.LogConfigurationProperty {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": group,
      "awslogs-region": Aws.REGION,
      "awslogs-stream-prefix": prefix,
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}
