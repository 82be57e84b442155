import { row } from "./row.ts";
import { asName, chooseFrom, list, show } from "./show.ts";

interface Name {
  readonly name: string;
  readonly known: readonly string[];
}

/** Values that are right by themselves and wrong together. */
export const meaningErrors = {
  MODEL_SCALING_RANGE: row(
    ({ min, max }: { min: number; max: number }) => `has a minimum of ${min} above its maximum of ${max}`,
    ({ min }) => `raise max to at least ${min}, or lower min`,
  ),
  MODEL_FARGATE_SIZE: row(
    ({ cpuUnits, memoryMiB }: { cpuUnits: number; memoryMiB: number; allowed: string }) =>
      `Fargate has no task of ${cpuUnits} CPU units with ${memoryMiB} MiB`,
    ({ allowed }) => `write ${allowed}`,
  ),
  MODEL_NOTHING_TO_RUN: row(
    () => "has no image, no build and no local command, so there is nothing to run",
    () => 'add image: "repository:tag", build: { context: "." } or local: { command: ["node", "server.ts"] }',
  ),
  MODEL_INSTANCE_MISSING: row(
    () => "runs on EC2 and names no instance type",
    () => 'add instance: { type: "t3.medium" }, or choose another compute',
  ),
  MODEL_INSTANCE_UNUSED: row(
    ({ compute }: { compute: string }) => `names an instance type, and "${compute}" has none`,
    () => 'remove instance, or set compute to "ec2"',
  ),
  MODEL_CLUSTER_MISSING: row(
    ({ service }: { service: string }) => `the service "${service}" runs on EKS and there is no cluster`,
    () => 'add cluster: { version: "1.33", nodeGroups: { … } }',
  ),
  MODEL_NAMESPACE_UNKNOWN: row(
    ({ name }: Name) => `is "${name}", a namespace that the cluster does not have`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_SPOT_COMPUTE: row(
    ({ compute }: { compute: string }) =>
      `asks for spot capacity, which "${compute}" does not take from the service`,
    () => "remove spotPercent; on EKS declare a node group with capacity spot",
  ),
  MODEL_HEALTH_TIMEOUT: row(
    ({ timeoutSeconds, intervalSeconds }: { timeoutSeconds: number; intervalSeconds: number }) =>
      `waits ${timeoutSeconds} s for an answer and asks every ${intervalSeconds} s`,
    ({ intervalSeconds }) => `lower timeoutSeconds below ${intervalSeconds}`,
  ),
  MODEL_CANARY_STEPS: row(
    ({ percents }: { percents: readonly number[] }) =>
      `shifts traffic in the order ${list(percents)}, which does not grow`,
    () => "write percentages that grow, below 100; the last step to 100 follows by itself",
  ),
  MODEL_ROUTE_TAKEN: row(
    ({ route, other }: { route: string; other: string }) =>
      `serves "${route}", which "${other}" serves already`,
    () => "give each service a path of its own, or null for one that is internal",
  ),
  MODEL_UNKNOWN_SERVICE: row(
    ({ name }: Name) => `names the service "${name}", which does not exist`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_UNKNOWN_STORE: row(
    ({ name }: Name) => `names the store "${name}", which does not exist`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_STORE_KIND: row(
    ({ name, kind, expected }: { name: string; kind: string; expected: string; known: readonly string[] }) =>
      `names "${name}", which is a ${kind}, not a ${expected}`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_UNKNOWN_SUBSCRIBER: row(
    ({ name }: Name) => `subscribes "${name}", which is neither a queue nor a function`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_NAME_TAKEN: row(
    ({ name, other }: { name: string; other: string }) => `is called "${name}", as is a ${other}`,
    () => "give them different names: both become resources of the same environment",
  ),
  MODEL_TIER_UNKNOWN_SERVICE: row(
    ({ name }: Name) => `sets the isolation of the service "${name}", which does not exist`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_TIER_UNKNOWN_STORE: row(
    ({ name }: Name) => `sets the isolation of the store "${name}", which does not exist`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_TIER_BRIDGE_SERVICE: row(
    ({ name }: { name: string }) =>
      `gives the service "${name}" to a tenant as bridge, and processes have no parts`,
    () => 'write "pool" for a shared service or "silo" for one of its own',
  ),
  MODEL_DEFAULT_TIER_UNKNOWN: row(
    ({ name }: Name) => `is "${name}", which is no tier`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_TENANT_UNKNOWN_TIER: row(
    ({ name, tenant }: Name & { tenant: string }) =>
      `puts the tenant "${tenant}" in the tier "${name}", which does not exist`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_TENANT_ID: row(
    ({ value }: { value: string }) => `${show(value)} cannot be the id of a tenant`,
    ({ value }) =>
      `use 3 to 32 characters: lower-case words of letters and digits joined by single hyphens, beginning with a letter, such as "${asName(value, 3, 32) ?? "acme-corp"}"`,
  ),
  MODEL_TENANT_ID_LENGTH: row(
    ({ value, lengthMax }: { value: string; lengthMax: number }) =>
      `${show(value)} is longer than the ${lengthMax} characters that tenantIdLengthMax allows`,
    () => "shorten the id, or raise tenantIdLengthMax",
  ),
  MODEL_TENANT_ID_RESERVED: row(
    ({ value }: { value: string }) => `"${value}" is reserved for the platform's own hosts`,
    ({ value }) => `choose another id, such as "${value}-inc"`,
  ),
  MODEL_TENANT_DOMAIN: row(
    ({ domain, owner }: { domain: string; owner: string }) => `claims "${domain}", which belongs to ${owner}`,
    () => "give the domain to one tenant, and none below the platform's own domain",
  ),
  MODEL_HOST_WITHOUT_TENANT: row(
    ({ pattern }: { pattern: string }) => `is "${pattern}", the same host for every tenant`,
    () => 'put {tenant} into it, such as "{tenant}.{domain}"',
  ),
  MODEL_TENANT_STORE_UNKNOWN: row(
    ({ name }: Name) => `is "${name}", which is no postgres store`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_TENANT_STORE_AMBIGUOUS: row(
    ({ known }: { known: readonly string[] }) =>
      `there are several postgres stores (${list(known)}) and tenants to hold`,
    ({ known }) => `say which one holds the tenants' documents: tenantStore: "${known[0] ?? ""}"`,
  ),
  MODEL_ZONE_COUNT: row(
    ({ region, zones, known }: { region: string; zones: number; known: readonly string[] }) =>
      `asks for ${zones} zones, and ${region} has ${known.length}`,
    ({ known }) => `ask for at most ${known.length}: ${list(known)}`,
  ),
  MODEL_ZONE_UNKNOWN: row(
    ({ zone, region }: { zone: string; region: string; known: readonly string[] }) =>
      `names the zone "${zone}", which ${region} does not have`,
    ({ zone, known }) => chooseFrom(zone, known),
  ),
  MODEL_SUBNET_OUTSIDE: row(
    ({ cidr, vpc }: { cidr: string; vpc: string }) => `is ${cidr}, outside the network ${vpc}`,
    ({ vpc }) => `choose a range inside ${vpc}`,
  ),
  MODEL_SUBNET_OVERLAP: row(
    ({ cidr, other, otherPath }: { cidr: string; other: string; otherPath: string }) =>
      `is ${cidr}, which overlaps ${other} at ${otherPath}`,
    () => "choose ranges that share no address",
  ),
  MODEL_SUBNET_COUNT: row(
    ({ group, given, zones }: { group: string; given: number; zones: number }) =>
      `gives ${given} ${group} subnets for ${zones} zones`,
    ({ zones }) => `write at least ${zones} ranges, one per zone, or "auto"`,
  ),
  MODEL_NETWORK_TOO_SMALL: row(
    ({ cidr, subnets }: { cidr: string; subnets: number }) =>
      `${cidr} has no room for ${subnets} more subnets of at least /28`,
    () => "use a larger network (at most /16), fewer zones or fewer subnet groups",
  ),
  MODEL_SUBNETS_MISSING: row(
    ({ group }: { group: string; known: readonly string[] }) =>
      `is placed in the "${group}" subnets, which the network does not have`,
    ({ group, known }) => `add network.subnets.${group}: "auto", or use one of: ${list(known)}`,
  ),
  MODEL_NAT_WITHOUT_PUBLIC: row(
    () => "asks for NAT gateways, and there are no public subnets for them",
    () => 'add network.subnets.public: "auto", or set natGateways to "none"',
  ),
  MODEL_MULTI_AZ_ONE_ZONE: row(
    ({ store }: { store: string }) =>
      `the store "${store}" wants a standby in another zone, and there is one zone`,
    () => "use at least two zones, or set multiAz to false here",
  ),
  MODEL_RECOVERY_SAME_REGION: row(
    ({ region }: { region: string }) => `recovers into ${region}, the region that is lost`,
    () => "choose another region",
  ),
  MODEL_RPO_IMPOSSIBLE: row(
    ({ rpoSeconds, reason }: { rpoSeconds: number; reason: string; leastSeconds: number }) =>
      `promises to lose at most ${rpoSeconds} s, and ${reason}`,
    ({ leastSeconds }) =>
      `write at least ${leastSeconds}${leastSeconds === 1 ? "" : ", or choose a strategy that replicates"}`,
  ),
  MODEL_RTO_IMPOSSIBLE: row(
    ({ rtoMinutes, strategy }: { rtoMinutes: number; strategy: string; leastMinutes: number }) =>
      `promises to be back in ${rtoMinutes} min with ${strategy}, which takes longer`,
    ({ leastMinutes }) => `write at least ${leastMinutes}, or choose a warmer strategy`,
  ),
  MODEL_TIER_RECOVERY: row(
    ({ tier, field, wanted, reached }: { tier: string; field: string; wanted: number; reached: number }) =>
      `the tier "${tier}" promises ${field} ${wanted}, and this environment's recovery reaches ${reached}`,
    ({ field, reached }) => `raise the tier's ${field} to ${reached}, or recover faster here`,
  ),
  MODEL_REDIS_NODES: row(
    ({ nodes, reason }: { nodes: number; reason: string }) =>
      `has ${nodes} node${nodes === 1 ? "" : "s"}, and ${reason}`,
    ({ reason }) =>
      reason.startsWith("cluster")
        ? "use at least 2 nodes, or set clusterMode to false here"
        : "use at least 2 nodes, or set multiAz to false here",
  ),
  MODEL_STORAGE_RANGE: row(
    ({ sizeGiB, sizeGiBMax }: { sizeGiB: number; sizeGiBMax: number }) =>
      `starts with ${sizeGiB} GiB and may grow to ${sizeGiBMax} GiB`,
    ({ sizeGiB }) => `raise sizeGiBMax to at least ${sizeGiB}`,
  ),
  MODEL_BROKER_ZONES: row(
    ({ zones }: { zones: number }) =>
      `a broker cluster has three nodes in three zones, and there ${zones === 1 ? "is 1" : `are ${zones}`}`,
    () => 'use three zones, or mode: "single" here',
  ),
  MODEL_QUEUE_VISIBILITY: row(
    ({
      queue,
      visibilitySeconds,
      timeoutSeconds,
    }: {
      queue: string;
      visibilitySeconds: number;
      timeoutSeconds: number;
    }) =>
      `runs up to ${timeoutSeconds} s, and the queue "${queue}" shows a message again after ${visibilitySeconds} s`,
    ({ timeoutSeconds }) =>
      `set visibilityTimeoutSeconds of the queue to at least ${timeoutSeconds}, better six times that`,
  ),
  MODEL_REPLICATION_UNVERSIONED: row(
    () => "replicates a bucket without versions, which S3 refuses",
    () => "set versioning to true, or remove replication",
  ),
  MODEL_REPLICATION_NOWHERE: row(
    ({ environment }: { environment: string }) =>
      `replicates to the recovery region, and "${environment}" has none`,
    () => "add recovery to the environment, or set replication to null there",
  ),
  MODEL_LIFECYCLE_ORDER: row(
    ({ afterDays, before }: { afterDays: number; before: number }) =>
      `moves objects after ${afterDays} days, not later than the step before (${before})`,
    () => "write the steps of one prefix with growing afterDays",
  ),
  MODEL_PATTERN_LACKS_TENANT: row(
    ({ name, pattern, tier }: { name: string; pattern: string; tier: string }) =>
      `is "${pattern}" without {tenant}, and the tier "${tier}" gives each tenant a "${name}" of its own`,
    () =>
      'put {tenant} into the name, such as "{platform}-{tenant}-data-{environment}", or leave the name out',
  ),
  MODEL_PATTERN_UNWANTED_TENANT: row(
    ({ name, pattern, tier }: { name: string; pattern: string; tier: string }) =>
      `is "${pattern}" with {tenant}, and the tier "${tier}" lets tenants share "${name}"`,
    ({ tier, name }) =>
      `set the store "${name}" to silo in the tier "${tier}", or remove {tenant} from the name`,
  ),
  MODEL_NAME_TOO_LONG: row(
    ({
      what,
      pattern,
      length,
      limit,
    }: {
      what: string;
      pattern: string;
      length: number;
      limit: number;
      tenantMax: number | null;
    }) => `"${pattern}" makes the name of ${what} ${length} characters long, and AWS allows ${limit}`,
    ({ tenantMax }) =>
      tenantMax === null || tenantMax < 3
        ? "shorten the fixed part of the name"
        : `shorten the fixed part of the name, or set tenantIdLengthMax to ${tenantMax}`,
  ),
  MODEL_NAME_TOO_SHORT: row(
    ({ what, pattern, length, least }: { what: string; pattern: string; length: number; least: number }) =>
      `"${pattern}" makes the name of ${what} ${length} characters long, and AWS wants ${least}`,
    ({ least }) => `use at least ${least} characters`,
  ),
  MODEL_NAMES_COLLIDE: row(
    ({
      what,
      name,
      first,
      second,
      otherPath,
    }: {
      what: string;
      name: string;
      first: string;
      second: string;
      otherPath: string;
    }) => `the ${what} "${name}" would belong to ${first} here and to ${second} at ${otherPath}`,
    () =>
      "give the two patterns different beginnings that no tenant id can bridge, such as files-{tenant} and logs-{tenant}",
  ),
  MODEL_BUCKET_OF_TWO_ENVIRONMENTS: row(
    ({ name, first, second }: { name: string; first: string; second: string }) =>
      `the bucket "${name}" would belong to ${first} and to ${second}, and bucket names are unique in the world`,
    () => "put {environment} into the name",
  ),
  MODEL_UNKNOWN_DESTINATION: row(
    ({ name }: Name) => `sends to "${name}", which is no declared destination`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_UNKNOWN_DASHBOARD: row(
    ({ name }: Name) => `shows alerts on the dashboard "${name}", which is not declared`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_BASTION_OPEN: row(
    ({ cidr }: { cidr: string }) => `lets ${cidr} reach SSH, which is the whole internet`,
    () => "name the ranges that administrators come from, or remove the bastion and use Session Manager",
  ),
  MODEL_WAF_WITHOUT_EDGE: row(
    () => "is attached to CloudFront, and there is no CloudFront",
    () => 'add edge.cloudFront: {}, or set attachTo to "load-balancer"',
  ),
  MODEL_FAILOVER_WITHOUT_RECOVERY: row(
    ({ environment }: { environment: string }) =>
      `turns on DNS failover, and "${environment}" has nowhere to fail over to`,
    () => "add recovery to the environment, or set failover to false there",
  ),
  MODEL_THRESHOLD_ORDER: row(
    ({ thresholds }: { thresholds: readonly number[] }) =>
      `warns at ${list(thresholds)}, which does not grow`,
    () => "write percentages that grow",
  ),
  MODEL_LATENCY_MISSING: row(
    () => "is about latency and says no latency",
    () => "add latencyMs, the time within which a request counts as good",
  ),
  MODEL_GITOPS_WITHOUT_CLUSTER: row(
    () => "deploys with Argo CD, and there is no cluster for it",
    () => "add cluster, or set delivery.gitOps to null",
  ),
  MODEL_PIPELINE_ORDER: row(
    ({ gate, before }: { gate: string; before: string }) => `has the gate "${gate}" after "${before}"`,
    ({ gate, before }) => `move "${gate}" in front of "${before}"`,
  ),
} as const;
