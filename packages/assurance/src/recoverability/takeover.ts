import type { Resource } from "../artifacts/shipment.ts";
import { listAt, numberAt, textAt } from "../posture/read-value.ts";
import { detectionTerms } from "./detection.ts";
import { ttlOf, userRecords } from "./moved-records.ts";
import type { RecoveryDesign, ShippedStore, Side } from "./read-recovery.ts";
import { hasInstance } from "./store-copies.ts";
import { sumOf, type Term } from "./term.ts";

/** What a recovery waits for, in the order in which it happens; what happens at once is a group. */
export interface Takeover {
  readonly steps: readonly TakeoverStep[];
  /** The addends of the longest way through. */
  readonly terms: readonly Term[];
}

export interface TakeoverStep {
  readonly name: "detect and decide" | "databases and services" | "users";
  readonly terms: readonly Term[];
  /** Whether its terms happen at once, so that the longest counts. */
  readonly isParallel: boolean;
}

export function takeoverOf(design: RecoveryDesign): Takeover {
  const databases = design.stores.flatMap((store) => databaseTerms(store, design));
  const services = [...serviceTerms(design), ...deploymentTerms(design)];
  const needsPerson = databases.length > 0 || services.some(({ seconds }) => seconds === null);
  const steps: readonly TakeoverStep[] = [
    { name: "detect and decide", terms: detectionTerms(design, needsPerson), isParallel: false },
    { name: "databases and services", terms: [...databases, ...services], isParallel: isAtOnce(design) },
    { name: "users", terms: trafficTerms(design), isParallel: false },
  ];
  return { steps, terms: steps.flatMap(({ terms, isParallel }) => (isParallel ? longest(terms) : terms)) };
}

/** Whether databases and services are moved at once: without a plan by people, who can; with one as it says. */
function isAtOnce({ primary, recovery }: RecoveryDesign): boolean {
  const workflows = primary
    .ofType("AWS::ARCRegionSwitch::Plan")
    .flatMap(({ properties }) => listAt(properties, "Workflows"))
    .filter((workflow) => textAt(workflow, "WorkflowTargetRegion") === recovery?.region);
  return workflows.every((workflow) => {
    const blocks = listAt(workflow, "Steps").map((step) => textAt(step, "ExecutionBlockType"));
    return blocks.filter((block) => block !== "Route53HealthCheck" && block !== "Parallel").length <= 1;
  });
}

/** Of what happens at once the longest counts, and whatever nobody knows the length of. */
function longest(terms: readonly Term[]): readonly Term[] {
  const known = terms.filter(({ seconds }) => seconds !== null);
  const slowest = known.reduce<Term | null>(
    (most, term) => (most === null || sumOf([term]).seconds > sumOf([most]).seconds ? term : most),
    null,
  );
  return [...(slowest === null ? [] : [slowest]), ...terms.filter(({ seconds }) => seconds === null)];
}

/** Until a database of the recovery region takes writes, by the fastest of its copies. */
function databaseTerms(
  { name, resource, copies }: ShippedStore,
  { standby, estimate }: RecoveryDesign,
): readonly Term[] {
  if (!/^AWS::(RDS|DocDB)::/.test(resource.type)) return [];
  const live = copies.find(({ target }) => target !== null);
  if (live?.target === undefined || live.target === null)
    return copies.length === 0 ? [] : [estimate(`restore of ${name}`, "restore")];
  if (live.kind === "rds-replica")
    return [estimate(`promotion of ${live.target.key}`, "rds-replica-promotion")];
  const failover = live.kind === "aurora-global" ? "aurora-global-failover" : "documentdb-global-failover";
  return [
    ...(hasInstance(live.target, standby)
      ? []
      : [estimate(`an instance for ${live.target.key}, which has none`, "deployment")]),
    estimate(`failover to ${live.target.key}`, failover),
  ];
}

/** Until services that wait there have as many tasks as they need. */
function serviceTerms({ primary, standby }: RecoveryDesign): readonly Term[] {
  return primary.ofType("AWS::ECS::Service").flatMap((service) => {
    const waiting = counterpartOf(service, standby);
    if (waiting === undefined || tasksOf(waiting, standby).min >= tasksOf(service, primary).min) return [];
    const grace = numberAt(waiting.properties, "HealthCheckGracePeriodSeconds");
    const seconds = grace === undefined ? null : grace + healthySeconds(waiting, standby);
    return [
      {
        what: `further tasks of ${waiting.key}: the grace that its health check gives them, and until the load balancer uses them`,
        seconds,
        source: waiting.key,
      },
    ];
  });
}

/** The same service in the other region: of the same name, in a stack for the same. */
export function counterpartOf(service: Resource, side: Side): Resource | undefined {
  return side
    .ofType("AWS::ECS::Service")
    .find(
      (other) =>
        other.stack.area === service.stack.area &&
        other.stack.tier === service.stack.tier &&
        other.logicalId === service.logicalId,
    );
}

/** Between how many tasks a service runs: by its scaling, or as many as it says. */
export function tasksOf(service: Resource, side: Side): { readonly min: number; readonly max: number } {
  const name = textAt(service.properties, "ServiceName") ?? "";
  const target = side.ofType("AWS::ApplicationAutoScaling::ScalableTarget").find(({ stack, properties }) => {
    const id = textAt(properties, "ResourceId") ?? "";
    return stack === service.stack && name !== "" && id.endsWith(`/${name}`);
  });
  const desired = numberAt(service.properties, "DesiredCount") ?? 1;
  return {
    min: numberAt(target?.properties, "MinCapacity") ?? desired,
    max: numberAt(target?.properties, "MaxCapacity") ?? desired,
  };
}

function healthySeconds(service: Resource, side: Side): number {
  const arns = listAt(service.properties, "LoadBalancers").map((one) => textAt(one, "TargetGroupArn"));
  const group = side
    .ofType("AWS::ElasticLoadBalancingV2::TargetGroup")
    .find(({ physicalId }) => arns.includes(physicalId));
  if (group === undefined) return 0;
  const interval = numberAt(group.properties, "HealthCheckIntervalSeconds") ?? 30;
  return interval * (numberAt(group.properties, "HealthyThresholdCount") ?? 5);
}

/** What serves users in the primary region and does not stand in the recovery region yet. */
export function missingAreas({ shipment, primary, standby }: RecoveryDesign): readonly string[] {
  const there = new Set(standby.resources.map(({ stack }) => `${stack.area} ${stack.tier ?? ""}`));
  const needed = new Map<string, string>();
  for (const { stack } of primary.resources) {
    const serves = /^(data|cell-\d+|services|edge|tenant)$/.test(stack.area);
    const key = `${stack.area} ${stack.tier ?? ""}`;
    // The stacks of the edge in us-east-1 and those of administrators are of the platform, not of a region.
    if (!serves || stack.region !== shipment.region || there.has(key)) continue;
    needed.set(key, stack.tier === null ? stack.area : `the stacks of tenants of ${stack.tier}`);
  }
  return [...needed.values()];
}

function deploymentTerms(design: RecoveryDesign): readonly Term[] {
  const missing = missingAreas(design);
  if (missing.length === 0) return [];
  return [design.estimate(`deployment of ${missing.join(", ")} in ${design.standby.region}`, "deployment")];
}

/** Until users come to the recovery region. */
function trafficTerms(design: RecoveryDesign): readonly Term[] {
  const records = userRecords(design);
  const byHand = records.filter(({ isMovedByHealth }) => !isMovedByHealth);
  const kept = records.map(({ record }) => ttlOf(record)).filter((ttl) => ttl !== null);
  const ttl: Term =
    kept.length > 0
      ? {
          what: "resolvers keep the old answer",
          seconds: Math.max(...kept),
          source: records[0]?.record.key ?? "",
        }
      : design.estimate("resolvers keep the old answer", "alias-ttl");
  if (records.length === 0) return [];
  if (byHand.length === 0) return [ttl];
  return [design.estimate(`change of ${byHand.length} records`, "record-change"), ttl];
}
