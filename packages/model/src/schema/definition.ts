import { z } from "zod";
import { clusterSchema, machinesSchema } from "./cluster.ts";
import { deliverySchema } from "./delivery.ts";
import { environmentSchema } from "./environment.ts";
import { functionSchema } from "./function.ts";
import {
  auditSchema,
  complianceSchema,
  encryptionSchema,
  identitySchema,
  incidentsSchema,
  organizationSchema,
  parametersSchema,
  patchingSchema,
  runbookNames,
} from "./governance.ts";
import { networkSchema } from "./network.ts";
import { observabilitySchema } from "./observability.ts";
import { part, without } from "./part.ts";
import { backupsSchema, costSchema } from "./protection.ts";
import { edgeSchema, routingSchema } from "./routing.ts";
import { distinct, domain, nameOf, tags, whole } from "./scalars.ts";
import { compute, serviceSchema } from "./service.ts";
import { storeSchema } from "./stores/store.ts";
import { tenantSchema, tierSchema } from "./tier.ts";

/**
 * The one source of what a definition may say. The types that completion shows, the defaults
 * and the checks all come from here.
 */
export const definitionSchema = part({
  kind: z.literal("definition").default("definition"),
  /** Name of the platform; part of most resource names. At most 32 characters. */
  name: nameOf("a platform", 32),
  /** What the platform is, in a sentence. */
  description: z.string().max(500).default(""),
  /** The domain below which tenants have their hosts. Default "localhost". */
  domain: domain.default("localhost"),
  /** Where services run unless they say otherwise: "fargate", "eks", "ec2" or "lambda". Default "fargate". */
  compute: compute.default("fargate"),
  /** VPC, subnets and what connects them. */
  network: networkSchema.prefault({}),
  /** Load balancer and hosts. */
  routing: routingSchema.prefault({}),
  /** CloudFront, WAF, Shield, Route 53. */
  edge: edgeSchema.prefault({}),
  /** EKS. Default none. */
  cluster: without(clusterSchema),
  /** What all EC2 machines have in common. */
  machines: machinesSchema.prefault({}),
  /** The services, by name. Default none. */
  services: z.record(nameOf("a service", 24), serviceSchema).default({}),
  /** Lambda functions, by name. Default none. */
  functions: z.record(nameOf("a function", 24), functionSchema).default({}),
  /** Databases, caches, buckets, queues, topics, brokers, by name. Default none. */
  stores: z.record(nameOf("a store", 24), storeSchema).default({}),
  /** Isolation and capacity plans for tenants, by name. Default none. */
  tiers: z.record(nameOf("a tier", 24), tierSchema).default({}),
  /** The tier of a tenant that is added without one. Default: the only tier, else none. */
  defaultTier: z.string().nullable().optional(),
  /** Tenants that exist from the start: id → tier. Default none. */
  tenants: z.record(z.string(), tenantSchema).default({}),
  /** The postgres store that holds tenants' documents. Default: the only one. */
  tenantStore: z.string().nullable().optional(),
  /** Longest tenant id, 3 to 32. A smaller number makes room in names. Default 32. */
  tenantIdLengthMax: whole(3, 32).default(32),
  /** Cells: slices of a region that hold many tenants. */
  cells: part({
    /** Tenants per cell. A load balancer has 100 target groups and rules, and 25 certificates where tenants' hosts need their own; synthesis refuses more. Default 90. */
    capacity: whole(1, 10_000).default(90),
    /** AWS quotas that were raised for the account: code → value, such as { "L-7EED9B64": 200 }. Default none. */
    quotas: z
      .record(
        z.string().regex(/^L-[0-9A-F]{8}$/, 'the code of a quota, such as "L-7EED9B64"'),
        whole(1, 10_000_000),
      )
      .default({}),
  }).prefault({}),
  identity: identitySchema.prefault({}),
  audit: auditSchema.prefault({}),
  /** The AWS Organization. Default none. */
  organization: without(organizationSchema),
  /** Frameworks that the evidence report is made for. Default none. */
  compliance: complianceSchema.default([]),
  encryption: encryptionSchema.prefault({}),
  observability: observabilitySchema.prefault({}),
  delivery: deliverySchema.prefault({}),
  backups: backupsSchema.prefault({}),
  cost: costSchema.prefault({}),
  /** SSM parameters: name below /{platform}/{environment}/ → value. Default none. */
  parameters: parametersSchema.default({}),
  /** Patches of EC2 machines. Default none. */
  patching: without(patchingSchema),
  incidents: incidentsSchema.prefault({}),
  /** Runbooks that the platform comes with. Default none. */
  runbooks: distinct(z.enum(runbookNames), "runbook").default([]),
  /**
   * Tags on everything, besides Environment, tenant_id and cost_center, which are computed.
   * The values "{repository}", "{author}", "{pullRequest}" and "{createdAt}" are filled at deployment.
   */
  tags: tags.default({}),
  /** "protected" keeps data against deletion; "disposable" lets everything be destroyed. Default "protected". */
  dataProtection: z.enum(["protected", "disposable"]).default("protected"),
  /** The environments, by name; at least one. */
  environments: z.record(nameOf("an environment", 20), environmentSchema, {
    error: 'an object of environments, such as { production: { region: "us-east-1" } }',
  }),
});

export type ParsedDefinition = z.output<typeof definitionSchema>;
