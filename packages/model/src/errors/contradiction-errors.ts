import { row } from "./row.ts";
import { chooseFrom, list } from "./show.ts";

/** Two fields that cannot both be true, and what AWS refuses although each value is allowed. */
export const contradictionErrors = {
  MODEL_LOG_RETENTION: row(
    ({ value }: { value: number; next: number }) => `is ${value} days, which CloudWatch Logs does not offer`,
    ({ next }) => `write ${next}, the next that it offers`,
  ),
  MODEL_INSIGHTS_RETENTION: row(
    ({ value }: { value: number }) => `is ${value} days, which Performance Insights does not offer`,
    () => "write 7, 731, or a multiple of 31 between them",
  ),
  MODEL_DEPLOYMENT_COMPUTE: row(
    ({ strategy }: { strategy: string }) =>
      `is "${strategy}", and services on EC2 switch all traffic at once`,
    () => 'write "rolling" or "blue-green", or choose another compute',
  ),
  MODEL_DEPLOYMENT_WITHOUT_STEPS: row(
    ({ strategy }: { strategy: string }) => `is empty, and "${strategy}" shifts traffic in steps`,
    () => "add steps: [{ percent: 10, pauseMinutes: 5 }]",
  ),
  MODEL_DEPLOYMENT_UNUSED: row(
    ({ strategy }: { strategy: string }) => `is given, and "${strategy}" makes no use of it`,
    () => 'remove it, or set strategy to "canary" or "blue-green-canary"',
  ),
  MODEL_ROLLOUTS_MISSING: row(
    ({ strategy }: { strategy: string }) => `is "${strategy}" on EKS, and there is no Argo Rollouts to do it`,
    () => 'add delivery.gitOps with rollouts: true, or write "rolling"',
  ),
  MODEL_SCALING_WITHOUT_TARGET: row(
    ({ min, max }: { min: number; max: number }) =>
      `goes from ${min} to ${max} and has no target, so it never scales`,
    ({ min }) => `set targetCpuPercent, or max to ${min}`,
  ),
  MODEL_ROUTE_UNREACHABLE: row(
    ({ route }: { route: string }) => `is "${route}", and allowFrom keeps the load balancer out`,
    () => 'add "load-balancer" to allowFrom, or set route to null',
  ),
  MODEL_PROTOCOL_LOAD_BALANCER: row(
    () => 'is "tcp", and the load balancer speaks HTTP',
    () => 'remove "load-balancer" from allowFrom, or write "http" or "grpc"',
  ),
  MODEL_BASTION_MISSING: row(
    () => "lets the bastion in, and there is none",
    () => "add network.bastion with allowedCidrs, or remove it here",
  ),
  MODEL_DISRUPTION_BUDGET: row(
    ({ availableMin, min }: { availableMin: number; min: number; most: number }) =>
      `keeps ${availableMin} of ${min} ${min === 1 ? "copy" : "copies"}, so that no node could ever be drained`,
    ({ most }) => `write at most ${most}, or raise scaling.min`,
  ),
  MODEL_VERTICAL_SCALING: row(
    ({ reason }: { reason: string; fix: string }) => reason,
    ({ fix }) => fix,
  ),
  MODEL_LAMBDA_MEMORY: row(
    ({ memoryMiB }: { memoryMiB: number }) => `is ${memoryMiB} MiB, which Lambda does not offer`,
    () => "write a number between 128 and 10240",
  ),
  MODEL_EGRESS_WITHOUT_NAT: row(
    () => 'is "all", and no NAT gateway leads out of the network',
    () => 'set network.natGateways to "per-zone", or egress to "none" and add the endpoints that it needs',
  ),
  MODEL_ENDPOINTS_MISSING: row(
    ({ missing }: { missing: readonly string[] }) =>
      `has no way out of the network, and Fargate cannot start it without ${list(missing)}`,
    ({ missing }) => `add ${list(missing)} to network.endpoints, or set egress to "all" with NAT gateways`,
  ),
  MODEL_QUOTA_TOO_SMALL: row(
    ({ field, quota, needed }: { field: string; quota: number; needed: number }) =>
      `allows ${quota} ${field}, and the services in it start with ${needed}`,
    ({ needed }) => `raise it to ${needed} or more, or lower their scaling.min`,
  ),
  MODEL_DNS_HOSTNAMES: row(
    () => "gives hosts names without DNS support, which AWS refuses",
    () => "set dnsSupport to true, or dnsHostnames to false",
  ),
  MODEL_ONE_ZONE: row(
    ({ what }: { what: readonly string[] }) => `leaves one zone, and AWS wants two for ${list(what)}`,
    () => "use two zones or more",
  ),
  MODEL_AURORA_STANDBY: row(
    ({ instances, multiAz }: { instances: number; multiAz: boolean }) =>
      `is ${multiAz}, and an Aurora cluster of ${instances} instance${instances === 1 ? " has nothing to take over" : "s always has one that takes over"}`,
    ({ multiAz }) =>
      multiAz ? "use two instances, or remove multiAz" : "use one instance, or remove multiAz",
  ),
  MODEL_INSTANCE_FAMILY: row(
    ({ instance, engine }: { instance: string; engine: string; example: string }) =>
      `is "${instance}", a family that ${engine} does not run on`,
    ({ example }) => `use another family, such as "${example}"`,
  ),
  MODEL_GLOBAL_DATABASE: row(
    () => 'is "global-database", which RDS does not have',
    () => 'write "replica", or set engine to "aurora"',
  ),
  MODEL_RECOVERY_DATA: row(
    ({ store, strategy }: { store: string; strategy: string; fix: string }) =>
      `keeps "${store}" out of the recovery region, and ${strategy} needs it there`,
    ({ fix }) => fix,
  ),
  MODEL_DATABASE_REPLICATION_NOWHERE: row(
    ({ environment }: { environment: string }) =>
      `replicates to the recovery region, and "${environment}" has none`,
    () => "leave it out: it is used where there is a recovery region; or add recovery to the environment",
  ),
  MODEL_COPY_NOWHERE: row(
    ({ environment }: { environment: string }) =>
      `copies to the recovery region, and "${environment}" has none`,
    () => "add recovery to the environment, or set copyToRecovery to false there",
  ),
  MODEL_REDIS_SHARDS: row(
    ({ nodes, shards }: { nodes: number; shards: number }) =>
      `cannot give ${shards} shards equal parts of ${nodes} nodes, at most 6 each`,
    () => "choose a number of nodes that is one to six times the number of shards",
  ),
  MODEL_REDIS_SHARDS_UNUSED: row(
    ({ shards }: { shards: number }) => `is ${shards}, and only cluster mode has shards`,
    () => "set clusterMode to true, or shards to 1",
  ),
  MODEL_REDIS_REPLICAS: row(
    ({ nodes, shards }: { nodes: number; shards: number; least: number }) =>
      `wants a standby, and ${nodes} nodes in ${shards} shards leave no replica`,
    ({ least }) => `use ${least} nodes, fewer shards, or set multiAz to false`,
  ),
  MODEL_SERVED_WITHOUT_EDGE: row(
    () => "is served by CloudFront, and there is no CloudFront",
    () => "add edge.cloudFront: {}, or set servedByCloudFront to false",
  ),
  MODEL_LIFECYCLE_EARLY: row(
    ({ afterDays }: { afterDays: number }) =>
      `moves objects to standard-ia after ${afterDays} days, and S3 wants 30`,
    () => 'write 30 or more, or use "intelligent-tiering"',
  ),
  MODEL_FIFO: row(
    ({ reason }: { reason: string; fix: string }) => reason,
    ({ fix }) => fix,
  ),
  MODEL_FUNCTION_OUTSIDE_VPC: row(
    ({ store }: { store: string }) => `is false, and the store "${store}" is inside the VPC only`,
    () => "remove inVpc, or take the store out of uses",
  ),
  MODEL_BACKUP_KIND: row(
    ({ name, kind }: { name: string; kind: string; known: readonly string[] }) =>
      `names "${name}", and AWS Backup does not know a ${kind}`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_COLD_STORAGE: row(
    ({ coldAfterDays, retentionDays }: { coldAfterDays: number; retentionDays: number; least: number }) =>
      `moves to cold storage after ${coldAfterDays} days and is kept ${retentionDays}, and AWS wants 90 days there`,
    ({ least }) => `raise retentionDays to ${least}, or set coldAfterDays to null`,
  ),
  MODEL_FAILOVER_WITHOUT_HEALTH: row(
    () => "turns on DNS failover, and no health check says when",
    () => "add edge.dns.healthCheck: {}",
  ),
  MODEL_RECOVERY_TRAFFIC: row(
    ({ share, strategy }: { share: number; strategy: string }) =>
      `sends ${share} % of users to the recovery region, and ${strategy} does not serve them there`,
    () => 'set the strategy of recovery to "active-active", or recoveryPercent to 0',
  ),
  MODEL_HOSTED_ZONE: row(
    ({ zone, domain }: { zone: string; domain: string }) => `is "${zone}", which does not hold "${domain}"`,
    () => "name the zone of the domain or of one above it, or null for a new one",
  ),
  MODEL_CUSTOM_DOMAINS: row(
    ({ domain }: { domain: string }) => `is "${domain}", and CloudFront answers to no domain of a tenant`,
    () => "set edge.cloudFront.customDomains to true",
  ),
  MODEL_HOSTS_COLLIDE: row(
    ({ host, first, second }: { host: string; first: string; second: string }) =>
      `and another pattern could give the host "${host}" to both "${first}" and "${second}"`,
    () => "use one pattern, or patterns that no two tenants can share, such as *.{tenant}.{domain}",
  ),
  MODEL_HOST_OF_ENVIRONMENT: row(
    ({ tenant, host, other }: { tenant: string; host: string; other: string }) =>
      `gives the tenant "${tenant}" the host "${host}", which belongs to the environment ${other}`,
    () => "choose another id for the tenant, or another domain for the environment",
  ),
  MODEL_APPROVAL_MISSING: row(
    () => 'has the gate "approval", and nobody is named to approve',
    () => "add delivery.approvals: { by: [team] }, or remove the gate",
  ),
  MODEL_APPROVAL_UNUSED: row(
    () => "names who must approve, and the pipeline never asks",
    () => 'add the gate "approval" before "deploy", or set approvals to null',
  ),
  MODEL_RELEASE_TRIGGER: row(
    ({ trigger, missing }: { trigger: string; missing: string; example: string }) =>
      `is "${trigger}", and no ${missing} is named`,
    ({ missing, example }) => `add ${missing}: "${example}"`,
  ),
  MODEL_REPOSITORY_MISSING: row(
    ({ what }: { what: string }) => `has ${what}, and no repository is named for it`,
    () => 'add identity.deployment.repository, such as "acme/platform"',
  ),
  MODEL_ALERTS_UNHEARD: row(
    () => "raises alerts, and no route says who hears them",
    () => 'add observability.alerts.routes, such as critical: { to: ["on-call"] }',
  ),
  MODEL_BUDGET_UNHEARD: row(
    () => "is empty, so nobody would hear of the budget",
    () => "name alert destinations, or set budget to null",
  ),
  MODEL_ALLOCATION_TAG: row(
    ({ name }: { name: string; known: readonly string[] }) =>
      `names the tag "${name}", which nothing carries`,
    ({ name, known }) => `add it to tags; or ${chooseFrom(name, known)}`,
  ),
  MODEL_ROLE_WITHOUT_ACCOUNT: row(
    () => "trusts the management account, and its id is not named",
    () => "name the account in from, or managementAccount once for all such roles",
  ),
  MODEL_TIER_BRIDGE_STORE: row(
    ({ name, kind }: { name: string; kind: string }) =>
      `gives the store "${name}" to a tenant as bridge, and a ${kind} has no parts`,
    () => 'write "pool" for a shared one or "silo" for one of its own',
  ),
} as const;
