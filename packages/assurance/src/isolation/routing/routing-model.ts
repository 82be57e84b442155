import type { Platform } from "@tenantry/model";
import type { Shipment, ShippedStack, ShippedTier } from "../../artifacts/shipment.ts";

/** What a shipment says about the way of a request, read once. */
export interface RoutingModel {
  readonly shipment: Shipment;
  readonly definition: Platform;
  readonly shared: readonly StackRoutes[];
  /** Of each tier's template, the stacks of two tenants, whichever they are. */
  readonly anyTenants: readonly AnyTenants[];
  /** The stacks of the placed tenants. */
  readonly placed: readonly StackRoutes[];
  /** Whatever is in a shared stack, by its ARN or, for distributions, its id. */
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly targetGroups: ReadonlyMap<string, TargetGroup>;
  /** The names in DNS of load balancers, and of distributions. */
  readonly loadBalancerNames: ReadonlyMap<string, LoadBalancer>;
  readonly distributionNames: ReadonlyMap<string, Distribution>;
  /** What of a resource could not be read; a rule that looks at its type cannot say more. */
  readonly gaps: readonly Gap[];
}

export interface AnyTenants {
  readonly tier: ShippedTier;
  readonly a: StackRoutes;
  readonly b: StackRoutes;
}

export interface Gap {
  readonly key: string;
  readonly type: string;
  readonly missing: string;
}

/** The routing resources of one stack. */
export interface StackRoutes {
  readonly stack: ShippedStack;
  readonly rules: readonly ListenerRule[];
  readonly listeners: readonly Listener[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
  readonly feeders: readonly Feeder[];
  /** The ports of each container of each task definition, by the ARN of the task definition. */
  readonly containers: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  readonly records: readonly DnsRecord[];
  readonly certificates: readonly Certificate[];
  readonly listenerCertificates: readonly ListenerCertificate[];
  readonly distributions: readonly Distribution[];
  readonly cachePolicies: ReadonlyMap<string, CacheKey>;
  readonly domains: readonly TenantDomains[];
  readonly discoveries: readonly DiscoveryName[];
  /** Where services register their tasks, and the registries of the stack, by their ARNs. */
  readonly registrations: readonly { readonly key: string; readonly registry: string }[];
  readonly registries: ReadonlySet<string>;
  /** Of each policy of requests to origins, whether it sends Host on. */
  readonly requestPolicies: ReadonlyMap<string, boolean>;
  /** Resources that lead requests in a way that no rule looks at. */
  readonly strangers: readonly { readonly key: string; readonly type: string }[];
  /** Names of buckets. */
  readonly buckets: readonly string[];
  readonly gaps: readonly Gap[];
}

export type Priority =
  | { readonly kind: "number"; readonly value: number }
  /** (slot - 1) x count + index + 1 of whichever slot the tenant has. */
  | { readonly kind: "slots"; readonly index: number; readonly count: number };

export interface ListenerRule {
  readonly key: string;
  readonly arn: string;
  readonly listener: string;
  /** Null where it cannot be read, which is a gap. */
  readonly priority: Priority | null;
  /** Of which one has to be asked for, in lower case; null where any may be. */
  readonly hosts: readonly string[] | null;
  readonly paths: readonly string[] | null;
  readonly headers: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly action: RuleAction;
}

/** Where a request goes in the end. */
export interface RuleAction {
  readonly types: readonly string[];
  readonly targets: readonly string[];
  /** The host of a redirection; "#{host}" is the one that was asked for. */
  readonly redirectHost: string | null;
}

export interface Listener {
  readonly key: string;
  readonly arn: string;
  readonly stack: ShippedStack;
  readonly loadBalancer: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly tlsPolicy: string | null;
  readonly action: RuleAction;
  readonly redirectsToHttps: boolean;
}

export interface LoadBalancer {
  readonly key: string;
  readonly arn: string;
  readonly stack: ShippedStack;
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TargetGroup {
  readonly key: string;
  readonly arn: string;
  readonly stack: ShippedStack;
  readonly targetType: string;
  readonly port: number | null;
  readonly hasHealthCheck: boolean;
  /** "traffic-port" or a number. */
  readonly healthPort: string;
  /** Targets that are written into the template. */
  readonly fixedTargets: number;
}

/** What registers tasks or machines in a target group. */
export interface Feeder {
  readonly key: string;
  readonly targetGroups: readonly string[];
  readonly container: string | null;
  readonly port: number | null;
  readonly taskDefinition: string;
  /** The rules that a deployment shifts. */
  readonly rules: readonly string[];
}

export interface DnsRecord {
  readonly key: string;
  readonly stack: ShippedStack;
  /** In lower case, without the last dot. */
  readonly name: string;
  readonly type: string;
  readonly targets: readonly string[];
}

export interface Certificate {
  readonly key: string;
  readonly arn: string;
  readonly names: readonly string[];
}

export interface ListenerCertificate {
  readonly key: string;
  readonly listener: string;
  readonly certificates: readonly string[];
}

/** A name by which tasks find a service, without any load balancer. */
export interface DiscoveryName {
  readonly key: string;
  /** The id or name of the namespace. */
  readonly namespace: string;
  readonly name: string;
}

/** Domains of a tenant's own, on a distribution for many tenants. */
export interface TenantDomains {
  readonly key: string;
  readonly names: readonly string[];
}

export interface Distribution {
  readonly key: string;
  readonly id: string;
  readonly stack: ShippedStack;
  readonly aliases: readonly string[];
  readonly origins: readonly Origin[];
  /** Ids of pairs of them. */
  readonly originGroups: readonly string[];
  readonly behaviors: readonly Behavior[];
  readonly oldestTls: string;
}

export interface Origin {
  readonly id: string;
  readonly host: string;
  /** Null where it is a bucket. */
  readonly protocol: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface Behavior {
  /** Such as "/assets/*"; "*" for the default. */
  readonly path: string;
  readonly origin: string;
  readonly viewerProtocol: string;
  readonly cachePolicy: string | null;
  /** What is said in the behavior itself, in the old way. */
  readonly ownKey: CacheKey | null;
  readonly originRequestPolicy: string | null;
  readonly runsCode: boolean;
}

/** By what a distribution tells answers apart. */
export interface CacheKey {
  /** In lower case; "*" for all. */
  readonly headers: readonly string[];
  readonly cookies: string;
  /** Whether anything is kept at all. */
  readonly keeps: boolean;
}
