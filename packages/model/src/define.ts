import type { z } from "zod";
import type { definitionSchema } from "./schema/definition.ts";
import type { environmentSchema, Overridable, Recoverable, recoverySchema } from "./schema/environment.ts";
import type { functionSchema } from "./schema/function.ts";
import type { serviceSchema } from "./schema/service.ts";
import type { bucketSchema } from "./schema/stores/bucket.ts";
import type { documentdbSchema } from "./schema/stores/documentdb.ts";
import type { brokerSchema, queueSchema, topicSchema } from "./schema/stores/messaging.ts";
import type { postgresSchema } from "./schema/stores/postgres.ts";
import type { redisSchema } from "./schema/stores/redis.ts";
import type { tenantSchema, tierSchema } from "./schema/tier.ts";
import type { Isolation } from "./platform.ts";

type DefinitionInput = z.input<typeof definitionSchema>;
type Settings<Schema extends z.ZodType> = Omit<z.input<Schema>, "kind">;
interface Kind<Name extends string> {
  readonly kind: Name;
}

export type ServiceSettings = Settings<typeof serviceSchema>;
export type FunctionSettings = Settings<typeof functionSchema>;
export type PostgresSettings = Settings<typeof postgresSchema>;
export type DocumentdbSettings = Settings<typeof documentdbSchema>;
export type RedisSettings = Settings<typeof redisSchema>;
export type BucketSettings = Settings<typeof bucketSchema>;
export type QueueSettings = Settings<typeof queueSchema>;
export type TopicSettings = Settings<typeof topicSchema>;
export type BrokerSettings = Settings<typeof brokerSchema>;

export type ServiceDefinition = ServiceSettings & Kind<"service">;
export type FunctionDefinition = FunctionSettings & Kind<"function">;
export type PostgresDefinition = PostgresSettings & Kind<"postgres">;
export type DocumentdbDefinition = DocumentdbSettings & Kind<"documentdb">;
export type RedisDefinition = RedisSettings & Kind<"redis">;
export type BucketDefinition = BucketSettings & Kind<"bucket">;
export type QueueDefinition = QueueSettings & Kind<"queue">;
export type TopicDefinition = TopicSettings & Kind<"topic">;
export type BrokerDefinition = BrokerSettings & Kind<"broker">;
export type StoreDefinition =
  | PostgresDefinition
  | DocumentdbDefinition
  | RedisDefinition
  | BucketDefinition
  | QueueDefinition
  | TopicDefinition
  | BrokerDefinition;

/** Never has a value: it lets the compiler compare the names that a tier uses with those that exist. */
declare const uses: unique symbol;

export type TierSettings<Service extends string = string, Store extends string = string> = Omit<
  z.input<typeof tierSchema>,
  "kind" | "services" | "stores"
> & {
  /** Isolation per service: "pool" shares it, "silo" gives a service of its own. Default "pool". */
  services?: { [Name in Service]?: Exclude<Isolation, "bridge"> };
  /** Isolation per store: "pool" shares it, "bridge" gives a part of its own (schema, prefix), "silo" the whole. Default "pool". */
  stores?: { [Name in Store]?: Isolation };
};
export type TierDefinition<Service extends string = string, Store extends string = string> = TierSettings<
  Service,
  Store
> &
  Partial<Kind<"tier">> & { readonly [uses]?: { readonly service: Service; readonly store: Store } };

/**
 * What an environment changes: objects are merged field by field, lists are replaced. Null takes
 * an entry away from a record (a service, a store, a tag); elsewhere it means "without".
 */
export type Override<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: Override<T[Key]> | (string extends keyof T ? null : never) }
    : T;

type NamedOverrides<Parts> = { [Name in keyof Parts]?: Override<Parts[Name]> | null };

interface OverridesByName<Services, Functions, Stores, Tiers extends string> {
  services?: NamedOverrides<Services>;
  functions?: NamedOverrides<Functions>;
  stores?: NamedOverrides<Stores>;
  tiers?: { [Name in Tiers]?: Override<TierSettings> | null };
  tenants?: { [id: string]: TenantDefinition<Tiers> | null };
}
type ByName = "services" | "functions" | "stores" | "tiers" | "tenants";

export type TenantDefinition<Tier extends string = string> =
  | Tier
  | (Omit<Extract<z.input<typeof tenantSchema>, object>, "tier"> & {
      /** The name of a tier. */
      tier: Tier;
    });

export type RecoveryDefinition<Services, Functions, Stores> = Omit<
  z.input<typeof recoverySchema>,
  Recoverable
> & {
  [Key in Exclude<Recoverable, ByName>]?: Override<NonNullable<DefinitionInput[Key]>> | null;
} & Pick<OverridesByName<Services, Functions, Stores, never>, "services" | "functions" | "stores">;

export type EnvironmentDefinition<
  Services = Record<string, ServiceDefinition>,
  Functions = Record<string, FunctionDefinition>,
  Stores = Record<string, StoreDefinition>,
  Tiers extends string = string,
> = Omit<z.input<typeof environmentSchema>, Overridable | "recovery" | "kind"> & {
  [Key in Exclude<Overridable, ByName>]?: Override<NonNullable<DefinitionInput[Key]>> | null;
} & OverridesByName<Services, Functions, Stores, Tiers> & {
    /** A second region. Default none. */
    recovery?: RecoveryDefinition<Services, Functions, Stores> | null;
  };

/** What `definePlatform` takes: the parts, with names that the compiler compares. */
export type PlatformSettings<
  Services extends Record<string, ServiceSettings>,
  Functions extends Record<string, FunctionSettings>,
  Stores extends Record<string, StoreDefinition>,
  Tiers extends string,
> = Omit<
  DefinitionInput,
  | "kind"
  | "services"
  | "functions"
  | "stores"
  | "tiers"
  | "defaultTier"
  | "tenants"
  | "tenantStore"
  | "environments"
> & {
  /** The services, by name. Default none. */
  services?: Services;
  /** Lambda functions, by name. Default none. */
  functions?: Functions;
  /** Databases, caches, buckets, queues, topics, brokers, by name. Default none. */
  stores?: Stores;
  /** Isolation and capacity plans for tenants, by name. Default none. */
  tiers?: {
    [Name in Tiers]: TierDefinition<NoInfer<keyof Services & string>, NoInfer<keyof Stores & string>>;
  };
  /** The tier of a tenant that is added without one. Default: the only tier, else none. */
  defaultTier?: NoInfer<Tiers> | null;
  /** Tenants that exist from the start: id → tier. Default none. */
  tenants?: { [id: string]: TenantDefinition<NoInfer<Tiers>> };
  /** The postgres store that holds tenants' documents. Default: the only one. */
  tenantStore?: NoInfer<keyof Stores & string> | null;
  /** The environments, by name; at least one. */
  environments: {
    [name: string]: EnvironmentDefinition<
      NoInfer<Services>,
      NoInfer<Functions>,
      NoInfer<Stores>,
      NoInfer<Tiers>
    >;
  };
};

/** A platform as its team writes it down. Checked when it is resolved, not when it is written. */
export interface Definition {
  readonly kind: "definition";
  readonly name: string;
  readonly environments: Readonly<Record<string, object>>;
}

/**
 * Declares a platform. This says what is wanted and checks nothing at run time; `resolve` and
 * `parseDefinition` report every mistake at once.
 */
export function definePlatform<
  Services extends Record<string, ServiceSettings>,
  Stores extends Record<string, StoreDefinition>,
  Tiers extends string,
  Functions extends Record<string, FunctionSettings> = Record<never, never>,
>(settings: PlatformSettings<Services, Functions, Stores, Tiers>): Definition {
  return { ...settings, kind: "definition" };
}

/** A process that serves requests: on Fargate, EKS or EC2, and on this machine. */
export function service(settings: ServiceSettings): ServiceDefinition {
  return { ...settings, kind: "service" };
}

/** AWS Lambda, driven by queues, buckets or a clock. */
export function lambda(settings: FunctionSettings): FunctionDefinition {
  return { ...settings, kind: "function" };
}

/** PostgreSQL: Aurora or RDS; embedded on this machine. */
export function postgres(settings: PostgresSettings = {}): PostgresDefinition {
  return { ...settings, kind: "postgres" };
}

/** Amazon DocumentDB. */
export function documentdb(settings: DocumentdbSettings = {}): DocumentdbDefinition {
  return { ...settings, kind: "documentdb" };
}

/** Amazon ElastiCache. */
export function redis(settings: RedisSettings = {}): RedisDefinition {
  return { ...settings, kind: "redis" };
}

/** Amazon S3. */
export function bucket(settings: BucketSettings = {}): BucketDefinition {
  return { ...settings, kind: "bucket" };
}

/** Amazon SQS. */
export function queue(settings: QueueSettings = {}): QueueDefinition {
  return { ...settings, kind: "queue" };
}

/** Amazon SNS. */
export function topic(settings: TopicSettings = {}): TopicDefinition {
  return { ...settings, kind: "topic" };
}

/** Amazon MQ for RabbitMQ. */
export function broker(settings: BrokerSettings = {}): BrokerDefinition {
  return { ...settings, kind: "broker" };
}

/** An isolation and capacity plan for tenants. */
export function tier<Service extends string = never, Store extends string = never>(
  settings: TierSettings<Service, Store>,
): TierDefinition<NoInfer<Service>, NoInfer<Store>> {
  return { ...settings, kind: "tier" } as TierDefinition<Service, Store>;
}
