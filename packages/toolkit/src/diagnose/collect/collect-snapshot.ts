import type { Clock } from "@tenantry/base";
import type { Assembly } from "../../aws/assembly/read-assembly.ts";
import { sharedTargets, type StackTarget, tenantTargets } from "../../aws/assembly/stack-targets.ts";
import type { Cloud } from "../../aws/cloud/cloud.ts";
import type { RoleSnapshot } from "../iam/role-snapshot.ts";
import type { Inspector } from "../inspector.ts";
import type { Found, Lookup, RegionSnapshot, Snapshot } from "../snapshot.ts";
import { Attempts } from "./attempts.ts";
import { collectHosts } from "./collect-hosts.ts";
import { collectRegion } from "./collect-region.ts";
import { collectStacks } from "./collect-stacks.ts";

export interface CollectPorts {
  readonly cloud: Cloud;
  readonly inspector: Inspector;
  readonly clock: Clock;
}

/** What is to be looked at. */
export interface CollectRequest {
  readonly assembly: Assembly;
  readonly account: string;
  /** Only this tenant, beside what tenants share; null for all. */
  readonly tenant: string | null;
}

/** Reads an environment. Changes nothing. */
export async function collectSnapshot(
  { assembly, account, tenant }: CollectRequest,
  { cloud, inspector, clock }: CollectPorts,
): Promise<Snapshot> {
  const { platform, environment } = assembly.manifest;
  const attempts = new Attempts();
  const nowMs = clock.nowMs();
  const byRegion = Map.groupBy(targetsOf(assembly, tenant), ({ region }) => region);
  const regions = await Promise.all(
    [...byRegion].map(async ([region, targets]): Promise<RegionSnapshot> => {
      const stacks = await collectStacks(region, targets, { stacks: cloud.region(region).stacks, attempts });
      const context = { region, inspector: inspector.region(region), attempts, nowMs };
      return collectRegion(stacks, { ...context, alarmPrefix: `${platform}-${environment}-` });
    }),
  );
  const [hosts, roles] = await Promise.all([
    collectHosts(regions, { inspector, attempts }),
    collectRoles(regions, { inspector, attempts }),
  ]);
  return { platform, environment, account, nowMs, regions, hosts, roles, unread: attempts.unread };
}

function targetsOf(assembly: Assembly, tenant: string | null): readonly StackTarget[] {
  const ofTenants = [...tenantTargets(assembly)].filter(([id]) => tenant === null || id === tenant);
  return [...sharedTargets(assembly), ...ofTenants.flatMap(([, targets]) => targets)];
}

async function collectRoles(
  regions: readonly RegionSnapshot[],
  { inspector, attempts }: { readonly inspector: Inspector; readonly attempts: Attempts },
): Promise<Lookup<RoleSnapshot>> {
  const definitions = regions.flatMap(({ taskDefinitions }) => Object.values(taskDefinitions));
  const arns = new Set(
    definitions
      .flatMap((one) => (one.kind === "found" ? [one.value.taskRole, one.value.executionRole] : []))
      .filter((arn) => arn !== null),
  );
  if (arns.size === 0) return {};
  const read = await attempts.read("iam", null, () => inspector.roles([...arns]));
  const entryOf = (arn: string): Found<RoleSnapshot> => {
    if (read.kind !== "found") return { kind: "unread" };
    const role = read.value.get(arn);
    return role === undefined ? { kind: "missing" } : { kind: "found", value: role };
  };
  return Object.fromEntries([...arns].map((arn) => [arn, entryOf(arn)]));
}
