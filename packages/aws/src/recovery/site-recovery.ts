import type { PlatformStore } from "@tenantry/model";
import { alarmArn } from "../alarms/alarm.ts";
import { sharedCell, sharedServices, sharedStores } from "../alarms/site-alarms.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import { sharedIdentifier } from "../stacks/data-stack.ts";
import { permissionsBoundary } from "../stacks/store-place.ts";
import type { StackValueName } from "../stack/stack-values.ts";
import { canRecover, RecoveryPlan } from "./recovery-plan.ts";
import type { InBothRegions, RecoverableDatabase, RecoverableService } from "./recovery-steps.ts";

/**
 * The plan by which the recovery region takes over, in the primary region's stack: AWS keeps it in both. Null where the recovery
 * region has nothing that could take over, as with "backup-and-restore".
 *
 * It moves databases and services. Users are moved by Route 53: its health checks of the regions do it by themselves, and a
 * person by the weights of the records.
 *
 * @param alarmNames Alarms that say whether the primary region is well; the recovery region's have the same names.
 */
export function addRecoveryPlan(stack: PlatformStack, alarmNames: readonly string[]): RecoveryPlan | null {
  const { platform } = stack.site;
  const { recovery } = platform;
  if (recovery === null || recovery.strategy === "backup-and-restore") return null;
  const hasServices = recovery.strategy !== "pilot-light";
  const parts = {
    databases: sharedStores(stack).flatMap((store) => recoverableDatabase(stack, store)),
    services: hasServices ? recoverableServices(stack) : [],
    record: null,
  };
  if (!canRecover(parts)) return null;
  const regions = { primary: platform.region, recovery: recovery.region };
  const plan = new RecoveryPlan(stack, "RecoveryPlan", {
    ...parts,
    name: `${platform.name}-${platform.environment}`,
    regions,
    isActiveActive: recovery.strategy === "active-active",
    rtoMinutes: recovery.rtoMinutes,
    alarms: Object.fromEntries(
      alarmNames.flatMap((alarmName) =>
        Object.entries(hasServices ? regions : { primary: regions.primary }).map(([role, region]) => [
          `${role}-${alarmName}`,
          alarmArn(stack, region, alarmName),
        ]),
      ),
    ),
    permissionsBoundary: permissionsBoundary(stack),
  });
  stack.provide("recovery/plan-arn", plan.arn);
  stack.output(
    "RecoveryPlanArn",
    plan.arn,
    "The plan of ARC Region switch by which the other region takes over.",
  );
  return plan;
}

/** A value of both regions. */
function inBoth(stack: PlatformStack, name: StackValueName): InBothRegions {
  const recovery = stack.site.platform.recovery?.region ?? stack.region;
  return { primary: stack.need(name), recovery: stack.need(name, recovery) };
}

function recoverableDatabase(stack: PlatformStack, store: PlatformStore): readonly RecoverableDatabase[] {
  if (store.kind !== "postgres" && store.kind !== "documentdb") return [];
  if (store.replication === "none" || store.replication === "backup-copy") return [];
  const { name } = store;
  const arns = inBoth(stack, `stores/${name}/arn`);
  if (store.kind === "postgres" && store.engine === "rds") {
    return [{ kind: "rds-replica", name, instanceArns: arns }];
  }
  return [
    {
      kind: store.kind === "postgres" ? "aurora-global" : "documentdb-global",
      name,
      // The global database and the clusters in it have one name.
      globalIdentifier: sharedIdentifier(stack, name),
      clusterArns: arns,
    },
  ];
}

function recoverableServices(stack: PlatformStack): readonly RecoverableService[] {
  const services = sharedServices(stack);
  return services.map(({ name }) => ({
    name,
    clusterArns: inBoth(stack, `cells/${sharedCell}/cluster-arn`),
    serviceArns: inBoth(stack, `services/${name}/arn`),
  }));
}
