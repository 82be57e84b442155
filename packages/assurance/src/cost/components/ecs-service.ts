import type { Properties, Resource } from "../../artifacts/shipment.ts";
import {
  type Charge,
  type CostOutcome,
  countText,
  fixed,
  hoursPerMonth,
  type Idle,
  notPriced,
  secondsPerMonth,
  type Sharers,
} from "../charge.ts";
import { numberAt, objectsAt, textAt } from "../property.ts";
import type { Site } from "../site.ts";
import type { CostOf } from "./cost-of.ts";
import { sharersOfTask } from "./task-sharers.ts";

/** The storage that every task has without charge. */
const includedStorageGiB = 20;
/** Container Insights reports so many metrics of each service, and of each family of tasks. https://aws.amazon.com/cloudwatch/pricing/ */
const metricsPerService = 11;
const metricsPerFamily = 6;

/** Tasks of Fargate: processors, memory and storage of as many as run on average, and the metrics that tell of them. */
export const costOfEcsService: CostOf = (service, site) => {
  const task = taskDefinitionOf(service, site.peers);
  const tasks = averageTasks(service, site);
  if (task === null || tasks === null) {
    const missing =
      task === null ? "its task definition is not in its stack" : "nothing says how many tasks run";
    return [notPriced("tasks", missing)];
  }
  const shares = capacityShares(service, tasks.count);
  if (shares === null) {
    return [notPriced("tasks", "it runs on machines of its own capacity provider, not on Fargate")];
  }
  const vcpus = numberAt(task, "Cpu");
  const memoryMiB = numberAt(task, "Memory");
  if (vcpus === null || memoryMiB === null)
    return [notPriced("tasks", "Cpu or Memory of its task is not known")];
  const sharers = sharersOfTask(task, site);
  const common = {
    assumes: tasks.assumes,
    sharers,
    ...idleTasks(tasks.count, sharers, site),
  };
  const isArm = textAt(task, "RuntimePlatform", "CpuArchitecture") === "ARM64";
  const charges = shares.flatMap(({ isSpot, tasks: running }) => {
    const taskHours = running * hoursPerMonth;
    if (taskHours === 0) return [];
    const kind = `${isSpot && !isArm ? "Spot " : ""}Linux ${isArm ? "ARM" : "x86"}`;
    const caution =
      isSpot && isArm ? { caution: "the price of Spot is not known; on demand, so no more than this" } : {};
    return [
      fixed(
        "services",
        { service: "fargate", item: `${kind} vCPU` },
        {
          quantity: (taskHours * vcpus) / 1024,
          basis: `${tasks.basis}, each Cpu ${vcpus}`,
          ...common,
          ...caution,
        },
      ),
      fixed(
        "services",
        { service: "fargate", item: `${kind} memory` },
        {
          quantity: (taskHours * memoryMiB) / 1024,
          basis: `${tasks.basis}, each Memory ${memoryMiB}`,
          ...common,
          ...caution,
        },
      ),
    ];
  });
  return [...charges, ...storageOf(task, tasks, common), ...insightsOf(site, sharers)];
};

interface Tasks {
  readonly count: number;
  readonly basis: string;
  readonly assumes: Charge["assumes"];
}

/** As many as the scaling allows at least, and so far towards its most as is assumed. */
function averageTasks(service: Resource, { peers, usage, isStandby }: Site): Tasks | null {
  const target = peers.find(
    ({ type, properties }) =>
      type === "AWS::ApplicationAutoScaling::ScalableTarget" &&
      isScaling(textAt(properties, "ResourceId") ?? "", service),
  );
  const desired = numberAt(service.properties, "DesiredCount");
  if (target === undefined) {
    return desired === null ? null : { count: desired, basis: `DesiredCount ${desired}`, assumes: [] };
  }
  const min = numberAt(target.properties, "MinCapacity");
  const max = numberAt(target.properties, "MaxCapacity");
  if (min === null || max === null) return null;
  if (isStandby) return { count: min, basis: `MinCapacity ${min} while its region waits`, assumes: [] };
  const count = min + (Math.max(0, max - min) * usage.averageScalingPercent) / 100;
  return {
    count,
    basis: `${countText(count)} tasks: MinCapacity ${min} and ${usage.averageScalingPercent} % of the way to MaxCapacity ${max}`,
    assumes: ["averageScalingPercent"],
  };
}

/** A target names its service as service/{cluster}/{name}; the name may be one that AWS makes up. */
function isScaling(resourceId: string, { key, properties, physicalId }: Resource): boolean {
  const name = textAt(properties, "ServiceName");
  return (
    resourceId.includes(key) ||
    (name !== null && resourceId.endsWith(`/${name}`)) ||
    resourceId.endsWith(`/${physicalId.split("/").at(-1) ?? physicalId}`)
  );
}

function taskDefinitionOf(service: Resource, peers: readonly Resource[]): Properties | null {
  const wanted = textAt(service.properties, "TaskDefinition");
  const found = peers.find(
    ({ type, physicalId, arn, key }) =>
      type === "AWS::ECS::TaskDefinition" &&
      wanted !== null &&
      (physicalId === wanted || arn === wanted || wanted.includes(key)),
  );
  return found?.properties ?? null;
}

/** How many of the tasks are on Spot, and how many not; null where a provider of machines has any. */
function capacityShares(
  service: Resource,
  count: number,
): readonly { readonly isSpot: boolean; readonly tasks: number }[] | null {
  const strategy = objectsAt(service.properties, "CapacityProviderStrategy");
  if (strategy.length === 0) {
    const launch = textAt(service.properties, "LaunchType") ?? "FARGATE";
    return launch === "FARGATE" ? [{ isSpot: false, tasks: count }] : null;
  }
  const providers = strategy.map((one) => ({
    name: textAt(one, "CapacityProvider"),
    base: numberAt(one, "Base") ?? 0,
    weight: numberAt(one, "Weight") ?? 0,
  }));
  if (providers.some(({ name }) => name !== "FARGATE" && name !== "FARGATE_SPOT")) return null;
  const base = providers.reduce((sum, one) => sum + Math.min(one.base, count), 0);
  const weight = providers.reduce((sum, one) => sum + one.weight, 0);
  const rest = Math.max(0, count - base);
  // One provider at most has a base; without weights it has them all.
  return providers.map((one, index) => {
    const part = weight === 0 ? (index === 0 ? 1 : 0) : one.weight / weight;
    return { isSpot: one.name === "FARGATE_SPOT", tasks: Math.min(one.base, count) + rest * part };
  });
}

/** Tasks that even the busiest minute does not need. What a tenant has for itself is not idle: it is what it pays for. */
function idleTasks(count: number, sharers: Sharers, site: Site): { readonly idle?: Idle } {
  if (site.isTenants || count === 0) return {};
  const { requestsPerSecondPerTask, peakFactor } = site.usage;
  const perSecond = (site.demand(sharers).requests / secondsPerMonth) * peakFactor;
  const needed = Math.max(1, Math.ceil(perSecond / requestsPerSecondPerTask));
  const part = Math.max(0, count - needed) / count;
  return part === 0 ? {} : { idle: { part, because: "tasks-above-need" } };
}

function storageOf(task: Properties, tasks: Tasks, common: Partial<Charge>): readonly CostOutcome[] {
  const sizeGiB = numberAt(task, "EphemeralStorage", "SizeInGiB") ?? includedStorageGiB;
  const above = sizeGiB - includedStorageGiB;
  if (above <= 0) return [];
  return [
    fixed(
      "services",
      { service: "fargate", item: "Ephemeral storage above 20 GB" },
      {
        quantity: tasks.count * hoursPerMonth * above,
        basis: `${tasks.basis}, each EphemeralStorage ${sizeGiB} GiB`,
        ...common,
      },
    ),
  ];
}

function insightsOf({ inRegion }: Site, sharers: Sharers): readonly CostOutcome[] {
  if (!inRegion.hasContainerInsights) return [];
  return [
    fixed(
      "monitoring",
      { service: "cloudwatch", item: "Custom metric first 10k" },
      {
        quantity: metricsPerService + metricsPerFamily,
        basis: `Container Insights: ${metricsPerService} metrics of the service and ${metricsPerFamily} of its tasks`,
        sharers,
      },
    ),
  ];
}
