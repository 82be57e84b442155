import type { DeepReadonly } from "@tenantry/base";
import type { ParsedDefinition } from "./schema/definition.ts";
import type { recoveryStrategies } from "./schema/environment.ts";
import type { SubnetGroup } from "./schema/network.ts";
import type { computes } from "./schema/service.ts";
import type { TenantId } from "./tenant-id.ts";

/** How much of a thing a tenant has to itself: shared, a part of its own in a shared one, its own. */
export type Isolation = "pool" | "bridge" | "silo";
export type Compute = (typeof computes)[number];

type Parsed = DeepReadonly<ParsedDefinition>;
type ParsedService = Parsed["services"][string];
type ParsedFunction = Parsed["functions"][string];
type ParsedStore = Parsed["stores"][string];

/** The parts of a definition that stand in the platform as they were written, defaults filled in. */
type Settings = Pick<
  Parsed,
  | "name"
  | "description"
  | "domain"
  | "compute"
  | "routing"
  | "edge"
  | "cluster"
  | "machines"
  | "tenantIdLengthMax"
  | "cells"
  | "identity"
  | "audit"
  | "organization"
  | "compliance"
  | "encryption"
  | "observability"
  | "delivery"
  | "backups"
  | "cost"
  | "parameters"
  | "patching"
  | "incidents"
  | "runbooks"
  | "dataProtection"
>;

/** What one region holds: the same shape in the primary and in the recovery region. */
export interface PlatformRegion {
  /** AWS region. */
  readonly region: string;
  /** Names of availability zones, such as us-east-1a. */
  readonly zones: readonly string[];
  readonly network: PlatformNetwork;
  readonly services: Readonly<Record<string, PlatformService>>;
  readonly functions: Readonly<Record<string, PlatformFunction>>;
  readonly stores: Readonly<Record<string, PlatformStore>>;
}

/** The definition resolved for one environment: complete, frozen, plain data. */
export interface Platform extends Settings, PlatformRegion {
  readonly kind: "platform";
  readonly environment: string;
  readonly purpose: string;
  /** AWS account id; null takes the account of the credentials. */
  readonly account: string | null;
  readonly recovery: PlatformRecovery | null;
  readonly tiers: Readonly<Record<string, Tier>>;
  /** The tier of a tenant that is added without one; null where there is none. */
  readonly defaultTier: string | null;
  /** The declared tenants, by id. */
  readonly tenants: Readonly<Record<string, PlatformTenant>>;
  /** The store that holds the tenants' documents: the name of a postgres store; null without one. */
  readonly tenantStore: string | null;
  /** Tags on every resource of the environment. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface PlatformRecovery extends PlatformRegion {
  readonly strategy: (typeof recoveryStrategies)[number];
  readonly rtoMinutes: number;
  readonly rpoSeconds: number;
  readonly drill: { readonly schedule: string } | null;
  readonly cluster: Parsed["cluster"];
}

export interface PlatformNetwork extends Omit<Parsed["network"], "zones" | "subnets"> {
  /** The subnets of each group that there is, one per zone. */
  readonly subnets: Readonly<Partial<Record<SubnetGroup, readonly PlatformSubnet[]>>>;
}

export interface PlatformSubnet {
  readonly zone: string;
  readonly cidr: string;
}

export interface Tier extends Omit<Parsed["tiers"][string], "kind" | "services" | "stores"> {
  readonly name: string;
  /** The isolation of every service. */
  readonly services: Readonly<Record<string, Isolation>>;
  /** The isolation of every store. */
  readonly stores: Readonly<Record<string, Isolation>>;
}

export interface PlatformTenant {
  readonly id: TenantId;
  /** Name for people. */
  readonly name: string;
  readonly tier: string;
  /** Hosts that reach this tenant; the first is the one to show. */
  readonly hosts: readonly string[];
  /** The id as PostgreSQL and outputs write it: hyphens are underscores. */
  readonly username: string;
  /** Tags on the tenant's own resources: those of the platform, tenant_id and cost_center. */
  readonly tags: Readonly<Record<string, string>>;
  readonly placement: { readonly cell: number; readonly slot: number };
}

export interface PlatformService extends Omit<
  ParsedService,
  "kind" | "compute" | "logs" | "allowFrom" | "availableMin"
> {
  readonly name: string;
  readonly compute: Compute;
  /** Who may open connections to its port; nobody where it is empty. */
  readonly allowFrom: readonly string[];
  readonly availableMin: number;
  readonly logs: PlatformLogs;
}

/** Names of log groups; {tenant} in `tenantGroup` stands for a tenant's id. */
export interface PlatformLogs {
  /** The group of the shared service; null where every tier has its own. */
  readonly group: string | null;
  /** The group of each tenant that has the service to itself; null where none has. */
  readonly tenantGroup: string | null;
  readonly retentionDays: number;
}

export interface PlatformFunction extends Omit<ParsedFunction, "kind" | "logs" | "inVpc" | "subnets"> {
  readonly name: string;
  /** Subnets of the VPC in which it runs; null where it runs outside. */
  readonly subnets: "private" | "web" | "app" | null;
  readonly logs: { readonly group: string; readonly retentionDays: number };
}

type Named<Store> = Store extends { readonly kind: "bucket" }
  ? Omit<Store, "name"> & {
      readonly name: string;
      /** The shared bucket; null where every tenant has one of its own. */
      readonly bucket: string | null;
      /** Name of each tenant's bucket with {tenant} in it; null where none has one. */
      readonly tenantBucket: string | null;
    }
  : Store extends { readonly kind: "postgres" | "documentdb"; readonly backups: infer Backups }
    ? Filled<Omit<Store, "backups">> & { readonly backups: Required<Backups> }
    : Filled<Store>;

/** What a definition may leave open and a platform never does. */
type LeftOpen = "multiAz" | "subnets" | "replication";
type Filled<Store> = Omit<Store, LeftOpen> & {
  readonly [Key in LeftOpen & keyof Store]-?: Exclude<Store[Key], undefined>;
} & { readonly name: string };

/** A store with its name and everything that the definition left open. Tagged by `kind`. */
export type PlatformStore = Named<ParsedStore>;

export interface LocalCommand {
  /** Program and arguments; run without a shell, from the folder of the definition, with PORT set. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}
