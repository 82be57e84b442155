import type { Data, Resource } from "../../artifacts/shipment.ts";
import { isFlag, listAt, numberAt, textAt, valueAt } from "../../posture/read-value.ts";
import {
  type Container,
  containerNamed,
  containerOf,
  regionOf,
  type StackView,
  type Use,
} from "./stack-view.ts";

/** A service with the most tasks that it may run. */
export interface ScaledService {
  readonly service: Resource;
  readonly tasksMax: number;
  readonly task: Resource | null;
  readonly cluster: Container | null;
}

const clusterType = "AWS::ECS::Cluster";

/** The services of a stack. What scales them stands in the same stack. */
export function scaledServices(view: StackView): readonly ScaledService[] {
  const targets = view.ofType("AWS::ApplicationAutoScaling::ScalableTarget").filter(scalesTasks);
  return view.ofType("AWS::ECS::Service").map((service) => {
    const target = targets.find(({ properties }) => scales(textAt(properties, "ResourceId"), service));
    const desired = numberAt(service.properties, "DesiredCount") ?? 1;
    const most = target === undefined ? desired : numberAt(target.properties, "MaxCapacity");
    if (most === undefined) view.miss("tasks-per-service", service.key, "the most tasks that it may run");
    return {
      service,
      tasksMax: Math.max(0, most ?? desired),
      task: view.find(service.properties["TaskDefinition"], "AWS::ECS::TaskDefinition"),
      cluster: containerNamed(
        view,
        "services-per-cluster",
        service.key,
        service.properties["Cluster"],
        clusterType,
      ),
    };
  });
}

const scalesTasks = ({ properties }: Resource): boolean =>
  textAt(properties, "ScalableDimension") === "ecs:service:DesiredCount";

/** The resource id is service/{cluster}/{service}; the arn of a service ends the same way. */
function scales(resourceId: string | undefined, { arn, physicalId, properties }: Resource): boolean {
  if (resourceId === undefined) return false;
  const isNamed = [arn, physicalId].some((name) => name?.endsWith(`:${resourceId}`) === true);
  const name = textAt(properties, "ServiceName");
  return isNamed || (name !== undefined && resourceId.endsWith(`/${name}`));
}

export function ecsUses(view: StackView, services: readonly ScaledService[]): readonly Use[] {
  return [
    ...services.flatMap((scaled) => serviceUses(view, scaled)),
    ...view.ofType("AWS::ECS::TaskDefinition").map((task) => ({
      quota: "task-definition-size",
      container: containerOf(task),
      amount: JSON.stringify(task.properties).length / 1024,
      by: task.key,
    })),
    ...view
      .ofType("AWS::ApplicationAutoScaling::ScalableTarget")
      .filter(scalesTasks)
      .map(({ key }) => ({ quota: "scalable-targets", container: regionOf(view), amount: 1, by: key })),
  ];
}

function serviceUses(view: StackView, { service, tasksMax, task, cluster }: ScaledService): readonly Use[] {
  const { key, properties } = service;
  const own = containerOf(service);
  const region = regionOf(view);
  const use = (quota: string, container: Container | null, amount: number): readonly Use[] =>
    container === null || amount === 0 ? [] : [{ quota, container, amount, by: key }];
  const shares = vcpuShares(properties, tasksMax);
  const vcpus = (numberAt(task?.properties, "Cpu") ?? 0) / 1024;
  if (vcpus === 0 && task === null)
    view.miss("fargate-vcpus", key, "its task definition, which says how many vCPUs a task has");
  const namespace = namespaceOf(view, service);
  return [
    ...use("services-per-cluster", cluster, 1),
    ...use("services-per-namespace", namespace, 1),
    ...use("instances-per-namespace", namespace, isServer(properties) ? tasksMax : 0),
    ...use("tasks-per-service", own, tasksMax),
    ...use("target-groups-per-service", own, listAt(properties, "LoadBalancers").length),
    ...use("fargate-vcpus", region, vcpus * shares.onDemand),
    ...use("fargate-spot-vcpus", region, vcpus * shares.spot),
    ...use(
      "security-groups-per-interface",
      own,
      listAt(properties, "NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups").length,
    ),
  ];
}

/** The namespace of Service Connect; a service that does not take part in it uses none. */
function namespaceOf(view: StackView, { key, properties }: Resource): Container | null {
  if (!isFlag(valueAt(properties, "ServiceConnectConfiguration", "Enabled"), true)) return null;
  const cluster = view.find(properties["Cluster"], clusterType);
  const named = [
    valueAt(properties, "ServiceConnectConfiguration", "Namespace"),
    valueAt(cluster?.properties, "ServiceConnectDefaults", "Namespace"),
  ].find((value) => value !== undefined);
  return containerNamed(
    view,
    "services-per-namespace",
    key,
    named,
    "AWS::ServiceDiscovery::HttpNamespace",
    "AWS::ServiceDiscovery::PrivateDnsNamespace",
  );
}

/** A service that only calls others registers nothing. */
function isServer(properties: Resource["properties"]): boolean {
  return listAt(properties, "ServiceConnectConfiguration", "Services").length > 0;
}

/** How many of the tasks run on which capacity, at most: first the base, the rest by weight. */
function vcpuShares(
  properties: Resource["properties"],
  tasks: number,
): { readonly onDemand: number; readonly spot: number } {
  const strategy = listAt(properties, "CapacityProviderStrategy").map((item: Data) => ({
    isSpot: textAt(item, "CapacityProvider") === "FARGATE_SPOT",
    base: numberAt(item, "Base") ?? 0,
    weight: numberAt(item, "Weight") ?? 0,
  }));
  if (strategy.length === 0) return { onDemand: tasks, spot: 0 };
  const weights = strategy.reduce((sum, { weight }) => sum + weight, 0);
  const rest = Math.max(
    0,
    strategy.reduce((left, { base }) => left - base, tasks),
  );
  const most = (isSpot: boolean) =>
    strategy
      .filter((item) => item.isSpot === isSpot)
      .reduce(
        (sum, { base, weight }) =>
          sum + Math.min(base, tasks) + (weights === 0 ? 0 : Math.ceil((rest * weight) / weights)),
        0,
      );
  return { onDemand: Math.min(tasks, most(false)), spot: Math.min(tasks, most(true)) };
}
