import { z } from "zod";
import { part } from "./part.ts";
import { percent, whole } from "./scalars.ts";

/** What a platform's cost is told by, in the order of its table. */
export const costComponents = [
  "services",
  "load-balancers",
  "network",
  "data-transfer",
  "databases",
  "document-databases",
  "caches",
  "storage",
  "edge",
  "dns",
  "protection",
  "keys",
  "secrets",
  "logs",
  "monitoring",
  "tracing",
  "audit",
  "backups",
  "images",
  "notifications",
  "recovery",
] as const;

/** What a tenant's share of something shared follows. */
export const allocationKeys = ["equally", "by-weight", "by-requests", "by-storage", "by-egress"] as const;

const gib = whole(0, 10_000_000);
const perRequest = z.number().min(0).max(1_000);

/**
 * What the estimate of cost assumes where nobody has measured yet. A platform without tiers counts as one tenant: its
 * figures are those of the whole platform.
 */
export const usageSchema = part({
  /** Requests per tenant and month. Default 1,000,000. */
  requestsPerTenant: whole(0, 1_000_000_000_000).default(1_000_000),
  /** GiB of files per tenant, in all buckets together. Default 10. */
  storageGiBPerTenant: gib.default(10),
  /** GiB of rows and documents per tenant, in all databases together. Default 5. */
  databaseGiBPerTenant: gib.default(5),
  /** GiB sent to the internet per tenant and month. Default 20. */
  egressGiBPerTenant: gib.default(20),
  /** GiB between zones per tenant and month, such as from a task to a database in another zone. Default 20. */
  crossZoneGiBPerTenant: gib.default(20),
  /** Percent of what is stored that is written anew each month: it is replicated, and kept in backups. Default 20. */
  changePercent: percent(0, 1000).default(20),
  /** Reads and writes of a database's storage per request. Default 4. */
  databaseIoPerRequest: perRequest.default(4),
  /** Files read per request. Default 0.1. */
  fileReadsPerRequest: perRequest.default(0.1),
  /** Files written per request. Default 0.02. */
  fileWritesPerRequest: perRequest.default(0.02),
  /** Requests to KMS per request: most are saved by caches and bucket keys. Default 0.01. */
  keyRequestsPerRequest: perRequest.default(0.01),
  /** Requests over one connection to a load balancer. Default 10. */
  requestsPerConnection: whole(1, 1_000_000).default(10),
  /** How far a service has scaled out on average: 0 is its minimum, 100 its maximum. Default 20. */
  averageScalingPercent: percent().default(20),
  /** Requests per second that one task of a service serves. Default 50. */
  requestsPerSecondPerTask: whole(1, 1_000_000).default(50),
  /** The busiest minute, as a multiple of the average one. Default 10. */
  peakFactor: z.number().min(1).max(10_000).default(10),
  /** GiB of logs per service and month. Default 5. */
  logGiBPerService: gib.default(5),
  /** GiB of logs per database or cache and month. Default 1. */
  logGiBPerStore: gib.default(1),
  /** GiB of flow logs per VPC and month. Default 10. */
  flowLogGiBPerVpc: gib.default(10),
  /** GiB that a service moves through NAT gateways in a month. Default 10. */
  natGiBPerService: gib.default(10),
  /** GiB that a service moves through interface endpoints in a month, where there are any. Default 10. */
  endpointGiBPerService: gib.default(10),
  /** GiB of access logs and records per bucket for them. Default 10. */
  recordsGiBPerBucket: gib.default(10),
  /** GiB of images per repository. Default 5. */
  imageGiBPerRepository: gib.default(5),
  /** Management events in the account per month, which CloudTrail records and GuardDuty reads. Default 500,000. */
  managementEvents: whole(0, 1_000_000_000_000).default(500_000),
  /** Changes of each resource per month, which AWS Config records. Default 1. */
  changesPerResource: z.number().min(0).max(10_000).default(1),
  /** Evaluations of each rule of AWS Config per month. Default 100. */
  evaluationsPerRule: whole(0, 1_000_000_000).default(100),
  /** Reads of each secret per month. Default 1,000. */
  readsPerSecret: whole(0, 1_000_000_000).default(1_000),
  /** Messages to each subscription of a topic per month. Default 100. */
  messagesPerSubscription: whole(0, 1_000_000_000).default(100),
});

/** What a tenant of a tier uses, where it differs from what is assumed of every tenant; null where it does not. */
export const tierUsageSchema = part({
  /** Requests per tenant and month. */
  requestsPerTenant: whole(0, 1_000_000_000_000).nullable().default(null),
  /** GiB of files per tenant. */
  storageGiBPerTenant: gib.nullable().default(null),
  /** GiB of rows and documents per tenant. */
  databaseGiBPerTenant: gib.nullable().default(null),
  /** GiB sent to the internet per tenant and month. */
  egressGiBPerTenant: gib.nullable().default(null),
  /** GiB between zones per tenant and month. */
  crossZoneGiBPerTenant: gib.nullable().default(null),
});

/** What is assumed where a definition says nothing: so that an estimate can say which figures nobody gave. */
export const usageDefaults = Object.freeze(usageSchema.parse({}));
