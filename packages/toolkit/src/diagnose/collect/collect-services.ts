import type { RegionInspector, ServiceFacts } from "../inspector.ts";
import type {
  ContainerSnapshot,
  Lookup,
  ServiceSnapshot,
  StoppedTask,
  TargetGroupSnapshot,
  TaskDefinitionSnapshot,
} from "../snapshot.ts";
import { valueOf } from "../snapshot.ts";
import { type Attempts, mapBounded } from "./attempts.ts";
import type { StackResource } from "./stack-resources.ts";

/** So many services in trouble are looked into; of many, most have the same trouble. */
const examinedMax = 60;
const logLinesMax = 20;
/** So many stopped tasks of a service have their log read. */
const logTasksMax = 2;
const logWindowMs = 3_600_000;

export interface RegionContext {
  readonly region: string;
  readonly inspector: RegionInspector;
  readonly attempts: Attempts;
  readonly nowMs: number;
}

export interface CollectedServices {
  readonly services: readonly ServiceSnapshot[];
  readonly taskDefinitions: Lookup<TaskDefinitionSnapshot>;
  readonly targetGroups: Lookup<TargetGroupSnapshot>;
}

/** The services that stacks have made, with what they run and what load balancers say of it. */
export async function collectServices(
  made: readonly StackResource[],
  context: RegionContext,
): Promise<CollectedServices> {
  const { region, inspector, attempts } = context;
  const described = await describeAll(made, context);
  const facts = described.map(({ facts: one }) => one);
  const definitions = facts.flatMap(({ taskDefinition }) =>
    taskDefinition === null ? [] : [taskDefinition],
  );
  const groups = facts.flatMap(({ targets }) => targets.map(({ targetGroup }) => targetGroup));
  const [taskDefinitions, targetGroups] = await Promise.all([
    attempts.lookup("ecs", region, definitions, (arn) => inspector.services.taskDefinition(arn)),
    attempts.lookup(
      "elasticloadbalancing",
      region,
      groups,
      async (arn): Promise<TargetGroupSnapshot | null> => {
        const group = await inspector.entrances.targetGroup(arn);
        return group === null ? null : { ...group, targets: await inspector.entrances.targets(arn) };
      },
    ),
  ]);
  const troubled = described.filter(({ facts: one, isThere }) => isThere && isInTrouble(one, targetGroups));
  const examined = new Set(troubled.slice(0, examinedMax).map(({ facts: { arn } }) => arn));
  const services = await mapBounded(
    described,
    async ({ facts: one, tenant, isThere }): Promise<ServiceSnapshot> => {
      const definition = valueOf(taskDefinitions, one.taskDefinition);
      const why = examined.has(one.arn)
        ? await examine(one, definition, context)
        : { stoppedTasks: [], logLines: [] };
      return { ...one, tenant, isThere, ...why };
    },
  );
  return { services, taskDefinitions, targetGroups };
}

interface Described {
  readonly facts: ServiceFacts;
  readonly tenant: string | null;
  readonly isThere: boolean;
}

async function describeAll(
  made: readonly StackResource[],
  { region, inspector, attempts }: RegionContext,
): Promise<readonly Described[]> {
  const clusters = Map.groupBy(made, ({ physicalId }) => clusterOf(physicalId));
  const described = await mapBounded([...clusters], async ([cluster, members]) => {
    const arns = members.map(({ physicalId }) => physicalId);
    const found = await attempts.read("ecs", region, () => inspector.services.describe(cluster, arns));
    // What could not be read is not missing: it is left out, and told as unread.
    if (found.kind !== "found") return [];
    return members.map(({ physicalId: arn, tenant }): Described => {
      const facts = found.value.get(arn);
      return { facts: facts ?? nothingOf(arn, cluster), tenant, isThere: facts !== undefined };
    });
  });
  return described.flat();
}

/** The ARN of a service names its cluster: arn:aws:ecs:…:service/cluster/name. */
function clusterOf(arn: string): string {
  const parts = arn.split("/");
  return parts.length > 2 ? (parts[1] ?? "default") : "default";
}

function nothingOf(arn: string, cluster: string): ServiceFacts {
  return {
    arn,
    name: arn.split("/").at(-1) ?? arn,
    cluster,
    status: "INACTIVE",
    desired: 0,
    running: 0,
    pending: 0,
    taskDefinition: null,
    targets: [],
    subnets: [],
    securityGroups: [],
    hasPublicAddress: false,
    deployments: [],
    events: [],
  };
}

function isInTrouble(
  { running, desired, deployments, targets }: ServiceFacts,
  groups: Lookup<TargetGroupSnapshot>,
): boolean {
  const isFailing = deployments.some(({ rollout, failedTasks }) => rollout === "FAILED" || failedTasks > 0);
  const isUnhealthy = targets.some(({ targetGroup }) =>
    valueOf(groups, targetGroup)?.targets.some(({ state }) => state === "unhealthy"),
  );
  return running < desired || isFailing || isUnhealthy;
}

async function examine(
  { cluster, name }: ServiceFacts,
  definition: TaskDefinitionSnapshot | null,
  { region, inspector, attempts, nowMs }: RegionContext,
): Promise<Pick<ServiceSnapshot, "stoppedTasks" | "logLines">> {
  const none: Awaited<ReturnType<typeof inspector.services.stopped>> = [];
  const stopped = await attempts.readOr("ecs", region, none, () => inspector.services.stopped(cluster, name));
  const containers = definition?.containers ?? [];
  const stoppedTasks = await mapBounded(stopped, async (task): Promise<StoppedTask> => {
    const isRead = stopped.indexOf(task) < logTasksMax;
    const failed = task.containers.find(({ exitCode }) => exitCode !== null && exitCode !== 0);
    const container = containers.find((one) => one.name === failed?.name);
    if (!isRead || container === undefined || container.logGroup === null) return { ...task, logLines: [] };
    const { logGroup } = container;
    const stream = streamOf(container, task.id);
    const logLines = await attempts.readOr("logs", region, [], () =>
      inspector.logTail(logGroup, stream, logLinesMax),
    );
    return { ...task, logLines };
  });
  if (stoppedTasks.some(({ logLines }) => logLines.length > 0)) return { stoppedTasks, logLines: [] };
  const groups = new Set(containers.flatMap(({ logGroup }) => (logGroup === null ? [] : [logGroup])));
  const lines = await mapBounded([...groups], (group) =>
    attempts.readOr("logs", region, [], () => inspector.errorLines(group, nowMs - logWindowMs, logLinesMax)),
  );
  return { stoppedTasks, logLines: lines.flat().slice(-logLinesMax) };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
function streamOf({ logPrefix, name }: ContainerSnapshot, task: string): string {
  return `${logPrefix ?? ""}/${name}/${task}`;
}
