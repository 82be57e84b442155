import type { PlatformService, PlatformStore } from "@tenantry/model";
import { fargateServices } from "../service/fargate-services.ts";
import { shiftsTraffic } from "../service/deployment-configuration.ts";
import { pascal, type PlatformStack } from "../stack/platform-stack.ts";
import { isShared } from "../stacks/store-place.ts";
import type { AlarmSetting } from "./alarm.ts";
import { DistributionAlarms } from "./distribution-alarms.ts";
import { DocumentdbAlarms } from "./documentdb-alarms.ts";
import { PostgresAlarms } from "./postgres-alarms.ts";
import { RedisAlarms } from "./redis-alarms.ts";
import { ServiceAlarms } from "./service-alarms.ts";

/** The region of CloudFront's metrics. */
export const globalRegion = "us-east-1";

/** The cell in which services run that tenants share. */
export const sharedCell = 1;

/** How much of the platform stands in the stack's region. */
export interface Presence {
  readonly stores: boolean;
  /** Cells and the services in them. */
  readonly services: boolean;
}

/** What of a platform stands in the region of a site. */
export function presenceOf({ site }: Pick<PlatformStack, "site">): Presence {
  const strategy = site.role === "primary" ? "active-active" : site.platform.recovery?.strategy;
  return {
    stores: strategy !== "backup-and-restore",
    services: strategy === "warm-standby" || strategy === "active-active",
  };
}

/** The services that tenants share, which have a log group for all. */
export function sharedServices({ site }: PlatformStack): readonly PlatformService[] {
  return fargateServices(site.region.services).filter(({ logs }) => logs.group !== null);
}

/** The stores that tenants share. */
export function sharedStores({ site }: PlatformStack): readonly PlatformStore[] {
  return Object.values(site.region.stores).filter((store) => isShared(site.platform, store));
}

/** Alarms on everything of the platform in the region that tenants share; cells have theirs in stacks of their own. */
export function addSiteAlarms(stack: PlatformStack, setting: AlarmSetting): void {
  const presence = presenceOf(stack);
  if (presence.services) {
    for (const service of sharedServices(stack)) addServiceAlarms(stack, setting, service);
  }
  if (presence.stores) for (const store of sharedStores(stack)) addStoreAlarms(stack, setting, store);
  const hasDistribution = stack.site.role === "primary" && stack.site.platform.edge.cloudFront !== null;
  if (hasDistribution && stack.region === globalRegion) addDistributionAlarms(stack, setting);
}

/** Alarms on CloudFront; the stack must be in its region. */
export function addDistributionAlarms(stack: PlatformStack, setting: AlarmSetting): void {
  new DistributionAlarms(stack, "CloudFrontAlarms", {
    setting,
    distributionId: stack.need("edge/distribution-id"),
  });
}

function addServiceAlarms(stack: PlatformStack, setting: AlarmSetting, service: PlatformService): void {
  const { name } = service;
  new ServiceAlarms(stack, `${pascal(name)}ServiceAlarms`, {
    setting,
    name,
    clusterName: stack.need(`cells/${sharedCell}/cluster-name`),
    serviceName: stack.need(`services/${name}/name`),
    tasksMin: service.scaling.min,
    containerInsights: stack.site.platform.observability.containerInsights,
    targets:
      service.route === null
        ? null
        : {
            loadBalancerFullName: stack.need(`cells/${sharedCell}/load-balancer-full-name`),
            targetGroupFullNames: [
              stack.need(`services/${name}/target-group-full-name`),
              ...(shiftsTraffic(service)
                ? [stack.need(`services/${name}/alternate-target-group-full-name`)]
                : []),
            ],
          },
  });
}

function addStoreAlarms(stack: PlatformStack, setting: AlarmSetting, store: PlatformStore): void {
  const id = `${pascal(store.name)}StoreAlarms`;
  const identifier = () => stack.need(`stores/${store.name}/identifier`);
  const followsOtherRegion = stack.site.role === "recovery";
  // Says that it is a store: a service may have its name.
  const storeSetting = { ...setting, namePrefix: `${setting.namePrefix}-store` };
  switch (store.kind) {
    case "postgres":
      if (store.alarms === null) return;
      new PostgresAlarms(stack, id, {
        setting: storeSetting,
        store,
        thresholds: store.alarms,
        identifier: identifier(),
        replicaIdentifiers: replicasOf(store, identifier()),
        followsOtherRegion,
      });
      return;
    case "documentdb":
      new DocumentdbAlarms(stack, id, {
        setting: storeSetting,
        store,
        clusterIdentifier: identifier(),
        followsOtherRegion,
      });
      return;
    case "redis":
      new RedisAlarms(stack, id, { setting: storeSetting, store, replicationGroupId: identifier() });
      return;
    // A bucket has no capacity to run out of; queues, topics and brokers come with the platforms that have them.
    case "bucket":
    case "queue":
    case "topic":
    case "broker":
      return;
  }
}

/** Read replicas of an RDS instance are numbered behind it. */
function replicasOf(
  { engine, instances }: Extract<PlatformStore, { kind: "postgres" }>,
  identifier: string,
): readonly string[] {
  if (engine === "aurora") return [];
  return Array.from({ length: instances - 1 }, (_, index) => `${identifier}-${index + 2}`);
}
