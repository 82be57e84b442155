import { type Judgment, judgment } from "../finding.ts";
import { balancerPorts, innerObstacles, linuxPorts } from "../network/inner-path.ts";
import type { NetworkSnapshot } from "../network/network-snapshot.ts";
import type { Obstacle } from "../network/obstacle.ts";
import { outerObstacles } from "../network/outer-path.ts";
import { ecrImage, secretOf } from "../references.ts";
import {
  type DatabaseSnapshot,
  type RegionSnapshot,
  type ServiceSnapshot,
  type Snapshot,
  type TaskDefinitionSnapshot,
  valueOf,
} from "../snapshot.ts";
import { subjectOfService } from "../subjects.ts";

/** Whether the connections that services live on can be made: evaluated from rules, nothing is sent. */
export function judgePaths(snapshot: Snapshot): readonly Judgment[] {
  return snapshot.regions.flatMap((region) => {
    const { network } = region;
    if (network === null) return [];
    return region.services
      .filter(({ subnets, isThere }) => isThere && subnets.length > 0)
      .flatMap((service) => {
        const context = { network, service, region };
        const obstacles = [...fromLoadBalancer(context), ...toDatabases(context), ...toTheOutside(context)];
        return judgmentsOf(obstacles, context);
      });
  });
}

interface Context {
  readonly network: NetworkSnapshot;
  readonly service: ServiceSnapshot;
  readonly region: RegionSnapshot;
}

function tasksOf({ service }: Context) {
  return { name: `the tasks of ${service.name}`, groups: service.securityGroups, subnets: service.subnets };
}

function fromLoadBalancer(context: Context): readonly Obstacle[] {
  const { network, service, region } = context;
  return service.targets.flatMap(({ targetGroup, port }) => {
    const { loadBalancers = [] } = valueOf(region.targetGroups, targetGroup) ?? {};
    return region.loadBalancers
      .filter(({ arn }) => loadBalancers.includes(arn))
      .flatMap(({ securityGroups, subnets }) => {
        const from = { name: "the load balancer", groups: securityGroups, subnets };
        const ends = { from, to: { ...tasksOf(context), knownAs: "target" }, port, ephemeral: balancerPorts };
        // A load balancer of the network kind can be without groups, and then has no rules to miss.
        const obstacles = innerObstacles(network, { ...ends, region: region.region });
        return securityGroups.length === 0 ? obstacles.filter(({ at }) => at === "network") : obstacles;
      });
  });
}

function toDatabases(context: Context): readonly Obstacle[] {
  const { network, service, region } = context;
  return databasesOf(service, region).flatMap((database) => {
    const { port, securityGroups: groups, subnets, id } = database;
    if (port === null) return [];
    const to = { name: `the database ${id}`, groups, subnets };
    const ends = {
      from: { ...tasksOf(context), knownAs: "client" },
      to,
      port,
      ephemeral: linuxPorts,
      region: region.region,
    };
    return innerObstacles(network, ends);
  });
}

/** The databases whose endpoints stand in the variables of the service. */
export function databasesOf(service: ServiceSnapshot, region: RegionSnapshot): readonly DatabaseSnapshot[] {
  const definition = valueOf(region.taskDefinitions, service.taskDefinition);
  const values = (definition?.containers ?? []).flatMap(({ environment }) => Object.values(environment));
  return Object.values(region.databases).flatMap((one) => {
    if (one.kind !== "found" || one.value.endpoint === null) return [];
    const { endpoint } = one.value;
    return values.some((value) => value.includes(endpoint)) ? [one.value] : [];
  });
}

function toTheOutside(context: Context): readonly Obstacle[] {
  const { network, service, region } = context;
  const definition = valueOf(region.taskDefinitions, service.taskDefinition);
  if (definition === null) return [];
  const from = { ...tasksOf(context), hasPublicAddress: service.hasPublicAddress };
  return needsOf(definition).flatMap((need) =>
    outerObstacles(network, { from, service: need, region: region.region }),
  );
}

/** Services of AWS that a task must reach to start, as endpoints of a VPC call them; null is the internet. */
function needsOf({ containers }: TaskDefinitionSnapshot): readonly (string | null)[] {
  const needs = new Set<string | null>();
  for (const { image, secrets, logGroup } of containers) {
    if (ecrImage(image) === null) needs.add(null);
    // Layers of images in ECR come from S3.
    else for (const one of ["ecr.api", "ecr.dkr", "s3"]) needs.add(one);
    for (const { from } of secrets) needs.add(secretOf(from) === null ? "ssm" : "secretsmanager");
    if (logGroup !== null) needs.add("logs");
  }
  return [...needs];
}

function judgmentsOf(obstacles: readonly Obstacle[], { service, region }: Context): readonly Judgment[] {
  const affected = [subjectOfService(service, region.region)];
  const byCause = new Map<string, Judgment>();
  for (const { code, kind, id, what, because, fix, at, port } of obstacles) {
    // The first group of a service is its own; everything else is shared, and one cause for all.
    const tenant = at !== "network" && service.securityGroups[0] === id ? service.tenant : null;
    const cause = tenant === null ? `${id} ${port}` : `${port}`;
    const subject = { kind, id, region: region.region, tenant };
    const key = `${code} ${cause} ${fix[0]}`;
    if (!byCause.has(key))
      byCause.set(key, judgment({ severity: "error", code, subject, cause, affected, what, because, fix }));
  }
  return [...byCause.values()];
}
