import type { allocationKeys } from "@tenantry/model";
import type { CostComponent } from "./charge.ts";

/** What a tenant's share of something shared follows. */
export type AllocationKey = (typeof allocationKeys)[number];

export interface ComponentInfo {
  readonly title: string;
  /** Whether tenants use it, or the platform is run with it: the two are told apart for each tenant. */
  readonly share: "shared" | "platform";
  /** How it is split among tenants where the definition says nothing. */
  readonly key: AllocationKey;
  /** Why by that. */
  readonly because: string;
}

/** The parts that a platform's cost is told in. */
export const componentTable: Readonly<Record<CostComponent, ComponentInfo>> = Object.freeze({
  services: {
    title: "Services (Fargate)",
    share: "shared",
    key: "by-requests",
    because: "tasks run as long as requests keep them busy",
  },
  "load-balancers": {
    title: "Load balancers",
    share: "shared",
    key: "by-requests",
    because: "capacity units follow requests",
  },
  network: {
    title: "NAT gateways, endpoints, addresses",
    share: "shared",
    key: "equally",
    because: "they are there for whoever comes",
  },
  "data-transfer": {
    title: "Data transfer",
    share: "shared",
    key: "by-egress",
    because: "it is what tenants send",
  },
  databases: {
    title: "Databases (PostgreSQL)",
    share: "shared",
    key: "by-storage",
    because: "a database is as large as what is in it",
  },
  "document-databases": {
    title: "Databases (DocumentDB)",
    share: "shared",
    key: "by-storage",
    because: "a database is as large as what is in it",
  },
  caches: { title: "Caches", share: "shared", key: "by-requests", because: "requests read and fill them" },
  storage: { title: "Files (S3)", share: "shared", key: "by-storage", because: "it is charged by the GiB" },
  edge: {
    title: "CloudFront and WAF",
    share: "shared",
    key: "by-requests",
    because: "every request passes them",
  },
  dns: {
    title: "DNS and health checks",
    share: "platform",
    key: "equally",
    because: "one zone serves everybody",
  },
  protection: {
    title: "Shield Advanced",
    share: "platform",
    key: "equally",
    because: "it protects the platform as a whole",
  },
  keys: {
    title: "Encryption keys",
    share: "platform",
    key: "equally",
    because: "keys are of stores, not of tenants",
  },
  secrets: {
    title: "Secrets",
    share: "platform",
    key: "equally",
    because: "they are few, and cost the same each",
  },
  logs: { title: "Logs", share: "shared", key: "by-requests", because: "requests write them" },
  monitoring: {
    title: "Metrics, alarms, dashboards",
    share: "platform",
    key: "equally",
    because: "they watch the platform as a whole",
  },
  tracing: { title: "Traces", share: "shared", key: "by-requests", because: "requests leave them" },
  audit: {
    title: "Audit (CloudTrail, Config, GuardDuty)",
    share: "platform",
    key: "equally",
    because: "it watches the account as a whole",
  },
  backups: {
    title: "Backups",
    share: "shared",
    key: "by-storage",
    because: "what is stored is what is kept",
  },
  images: {
    title: "Container images",
    share: "platform",
    key: "equally",
    because: "everybody runs the same",
  },
  notifications: {
    title: "Notifications",
    share: "platform",
    key: "equally",
    because: "they tell about the platform as a whole",
  },
  recovery: {
    title: "Recovery plan",
    share: "platform",
    key: "equally",
    because: "a failover is everybody's",
  },
});
