import { z } from "zod";
import { part } from "./part.ts";
import { distinct, domain, tags, text, usd, whole } from "./scalars.ts";
import { tierUsageSchema } from "./usage.ts";

const isolation = z.enum(["pool", "bridge", "silo"]);

export const tierSchema = part({
  kind: z.literal("tier").default("tier"),
  /** What the tier is, for people. */
  description: z.string().max(500).default(""),
  /** Isolation per service: "pool" shares it, "silo" gives a service of its own. Default "pool". */
  services: z.record(z.string(), isolation).default({}),
  /** Isolation per store: "pool" shares it, "bridge" gives a part of its own (schema, prefix), "silo" the whole. Default "pool". */
  stores: z.record(z.string(), isolation).default({}),
  /** What a tenant may use. */
  limits: part({
    /** Requests per minute and tenant. Default 600. */
    requestsPerMinute: whole(1, 100_000_000).default(600),
    /** Requests at once above the rate; null is a tenth of the rate. */
    burst: whole(1, 100_000_000).nullable().default(null),
    /** Requests per minute and API key, which count for the tenant as well; null for no limit but the tenant's. */
    keyRequestsPerMinute: whole(1, 100_000_000).nullable().default(null),
    /** Requests in flight; null for no limit of its own. */
    concurrentRequests: whole(1, 1_000_000).nullable().default(null),
    /** GiB of files and documents; null for no limit. */
    storageGiB: whole(1, 1_000_000).nullable().default(null),
    /** Members; null for no limit. */
    members: whole(1, 1_000_000).nullable().default(null),
  }).prefault({}),
  /** What a tenant pays a month; null where that is not said. */
  monthlyPriceUsd: usd.nullable().default(null),
  /** What a tenant is assumed to use, for the estimate of cost. Default: what `cost.usage` says of every tenant. */
  usage: tierUsageSchema.prefault({}),
  /** A tenant's share of what is split "by-weight", against that of the other tiers' tenants. Default 1. */
  costWeight: z.number().min(0).max(1_000_000).default(1),
  /** Longest time without service after a disaster, minutes; null takes what the environment promises. */
  rtoMinutes: whole(0, 100_000).nullable().default(null),
  /** Longest span of writes that may be lost, seconds; null takes what the environment promises. */
  rpoSeconds: whole(0, 10_000_000).nullable().default(null),
});

export const tenantSchema = z.union(
  [
    z.string(),
    part({
      /** The name of a tier. */
      tier: z.string({ error: "the name of a tier" }),
      /** Name for people. Default: the id. */
      name: text.optional(),
      /** Tag cost_center. Default: the id. */
      costCenter: z.string().min(1).max(256).optional(),
      /** Domains of the tenant's own, besides the platform's host. Default none. */
      domains: distinct(domain, "domain").max(100).default([]),
      /** Tags besides those of the platform. Default none. */
      tags: tags.default({}),
    }),
  ],
  { error: "the name of a tier, or an object with a tier" },
);

/** Ids that would take a host name from the platform itself, or from another of its environments. */
export const reservedTenantIds: readonly string[] = Object.freeze([
  "admin",
  "api",
  "app",
  "assets",
  "auth",
  "cdn",
  "console",
  "constructor",
  "control",
  "dashboard",
  "dev",
  "development",
  "docs",
  "ftp",
  "grafana",
  "health",
  "help",
  "imap",
  "internal",
  "localhost",
  "login",
  "mail",
  "metrics",
  "ns1",
  "ns2",
  "operator",
  "platform",
  "pop",
  "preview",
  "prod",
  "production",
  "prototype",
  "public",
  "root",
  "sip",
  "smtp",
  "stage",
  "staging",
  "static",
  "status",
  "support",
  "system",
  "tenant",
  "tenants",
  "tenantry",
  "www",
]);
