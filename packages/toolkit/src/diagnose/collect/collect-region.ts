import { ecrImage, secretOf } from "../references.ts";
import type {
  AlarmSnapshot,
  DatabaseSnapshot,
  ListenerSnapshot,
  LoadBalancerSnapshot,
  Lookup,
  RegionSnapshot,
  TargetGroupSnapshot,
  TaskDefinitionSnapshot,
} from "../snapshot.ts";
import type { StackSnapshot } from "../stack-snapshot.ts";
import { mapBounded } from "./attempts.ts";
import { collectServices, type RegionContext } from "./collect-services.ts";
import { resourcesOf } from "./stack-resources.ts";

const databaseTypes = {
  "AWS::RDS::DBCluster": "cluster",
  "AWS::DocDB::DBCluster": "cluster",
  "AWS::RDS::DBInstance": "instance",
  "AWS::DocDB::DBInstance": "instance",
} as const;

/** Everything that a region has, beginning with what its stacks have made. */
export async function collectRegion(
  stacks: readonly StackSnapshot[],
  { alarmPrefix, ...context }: RegionContext & { readonly alarmPrefix: string },
): Promise<RegionSnapshot> {
  const { region, inspector, attempts } = context;
  const running = await collectServices(resourcesOf(stacks, "AWS::ECS::Service"), context);
  const definitions = foundIn(running.taskDefinitions);
  const containers = definitions.flatMap((one) => one.containers);
  const [loadBalancers, secrets, images, logGroups, databases, alarms] = await Promise.all([
    collectLoadBalancers(stacks, running.targetGroups, context),
    attempts.lookup("secretsmanager", region, secretsIn(containers), (id) => inspector.secret(id)),
    attempts.lookup("ecr", region, imagesIn(containers), (image) => findImage(image, context)),
    attempts.lookup("logs", region, logGroupsIn(containers), async (name) =>
      (await inspector.hasLogGroup(name)) ? { name } : null,
    ),
    collectDatabases(stacks, context),
    collectAlarms(stacks, alarmPrefix, context),
  ]);
  const own = resourcesOf(stacks, "AWS::CertificateManager::Certificate").map(({ physicalId }) => physicalId);
  const ofListeners = loadBalancers.flatMap(({ listeners }) => listeners.flatMap((one) => one.certificates));
  // A certificate of IAM is none of ACM's.
  const arns = [...own, ...ofListeners].filter((arn) => arn.includes(":acm:"));
  const subnets = [...new Set([...running.services, ...loadBalancers].flatMap((one) => one.subnets))];
  const [certificates, network] = await Promise.all([
    attempts.lookup("acm", region, arns, (arn) => inspector.certificate(arn)),
    subnets.length === 0 ? null : attempts.readOr("ec2", region, null, () => inspector.network(subnets)),
  ]);
  return {
    region,
    stacks,
    ...running,
    loadBalancers,
    certificates,
    network,
    secrets,
    images,
    logGroups,
    databases,
    alarms,
  };
}

function foundIn<T>(lookup: Lookup<T>): readonly T[] {
  return Object.values(lookup).flatMap((one) => (one.kind === "found" ? [one.value] : []));
}

type Containers = TaskDefinitionSnapshot["containers"];

function secretsIn(containers: Containers): readonly string[] {
  return containers
    .flatMap(({ secrets }) => secrets.map(({ from }) => secretOf(from)))
    .filter((id) => id !== null);
}

function imagesIn(containers: Containers): readonly string[] {
  return containers.map(({ image }) => image).filter((image) => ecrImage(image) !== null);
}

function logGroupsIn(containers: Containers): readonly string[] {
  return containers.map(({ logGroup }) => logGroup).filter((name) => name !== null);
}

/** An image of another region's registry is looked up there by whoever diagnoses that one. */
async function findImage(image: string, { inspector, region }: RegionContext) {
  const parsed = ecrImage(image);
  if (parsed === null || parsed.region !== region) return { tags: [] };
  const tags = await inspector.image(parsed.repository, parsed.version);
  return tags === null ? null : { tags };
}

async function collectLoadBalancers(
  stacks: readonly StackSnapshot[],
  groups: Lookup<TargetGroupSnapshot>,
  { region, inspector, attempts }: RegionContext,
): Promise<readonly LoadBalancerSnapshot[]> {
  const made = resourcesOf(stacks, "AWS::ElasticLoadBalancingV2::LoadBalancer").map(
    ({ physicalId }) => physicalId,
  );
  const used = foundIn(groups).flatMap(({ loadBalancers }) => loadBalancers);
  const { entrances } = inspector;
  const read = <T>(otherwise: T, ask: () => Promise<T>) =>
    attempts.readOr("elasticloadbalancing", region, otherwise, ask);
  const found = await mapBounded([...new Set([...made, ...used])], async (arn) => {
    const one = await read(null, () => entrances.loadBalancer(arn));
    if (one === null) return [];
    const listeners = await read(null, () => entrances.listeners(arn));
    // Without its listeners, nothing can be said of it.
    if (listeners === null) return [];
    const withRules = await mapBounded(listeners, async (listener): Promise<ListenerSnapshot> => ({
      ...listener,
      rules: await read<ListenerSnapshot["rules"]>(null, () => entrances.rules(listener.arn)),
    }));
    return [{ ...one, listeners: withRules }];
  });
  return found.flat();
}

async function collectDatabases(
  stacks: readonly StackSnapshot[],
  { region, inspector, attempts }: RegionContext,
): Promise<Lookup<DatabaseSnapshot>> {
  const kinds = new Map<string, DatabaseSnapshot["kind"]>();
  for (const [type, kind] of Object.entries(databaseTypes)) {
    for (const { physicalId } of resourcesOf(stacks, type)) kinds.set(physicalId, kind);
  }
  return attempts.lookup("rds", region, kinds.keys(), (id) =>
    inspector.database(kinds.get(id) ?? "cluster", id),
  );
}

/** Alarms that ring, of those that the stacks have made. */
async function collectAlarms(
  stacks: readonly StackSnapshot[],
  prefix: string,
  { region, inspector, attempts }: RegionContext,
): Promise<readonly AlarmSnapshot[]> {
  const made = new Map(resourcesOf(stacks, "AWS::CloudWatch::Alarm").map((one) => [one.physicalId, one]));
  if (made.size === 0) return [];
  const ringing = await attempts.readOr("cloudwatch", region, [], () => inspector.alarms(prefix));
  return ringing.flatMap((alarm) => {
    const resource = made.get(alarm.name);
    if (resource === undefined) return [];
    return [{ ...alarm, tenant: resource.tenant, logicalId: resource.logicalId }];
  });
}
