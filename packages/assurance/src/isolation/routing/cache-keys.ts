import { tenantStacks } from "./read-routing.ts";
import type { Behavior, CacheKey, Origin, RoutingModel } from "./routing-model.ts";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const managedPolicies: ReadonlyMap<string, CacheKey> = new Map([
  ["4135ea2d-6df8-44a3-9df3-4b5a84be39ad", { headers: [], cookies: "none", keeps: false }],
  ["658327ea-f89d-4fab-a63d-7e88639e58f6", { headers: [], cookies: "none", keeps: true }],
  ["b2884449-e4de-46a7-ac36-70bc7f1ddd6d", { headers: [], cookies: "none", keeps: true }],
  ["83da9c7e-98b4-4e11-a168-04f0df8e2c65", { headers: ["host", "origin"], cookies: "all", keeps: true }],
  ["4cc15a8a-d715-48a4-82b8-cc0b614638fe", { headers: ["host", "origin"], cookies: "all", keeps: true }],
]);

/**
 * Managed policies that send all headers of the viewer on, and whether Host is among them.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 */
const allViewer: readonly (readonly [id: string, sendsHost: boolean])[] = [
  ["216adef6-5c7f-47e4-b989-5492eafa07d3", true],
  ["33f36d7e-f396-46d9-90e0-52428a34d9dc", true],
  ["b689b0a8-53d0-40ab-baf2-68738e2966ac", false],
];

/** A behavior that leads to something that tells tenants apart. */
export interface TenantBehavior {
  readonly key: string;
  readonly path: string;
  /** Null where nobody knows the policy. */
  readonly cacheKey: CacheKey | null;
  readonly sendsHost: boolean;
  /** Whether credentials and cookies get to the origin by the policy of requests. */
  readonly sendsAll: boolean;
  readonly runsCode: boolean;
  readonly policy: string;
}

/** The behaviors of all distributions that lead to load balancers: a bucket says the same to everybody. */
export function tenantBehaviors(model: RoutingModel): readonly TenantBehavior[] {
  const stacks = [...model.shared, ...tenantStacks(model)];
  const policies = new Map(stacks.flatMap(({ cachePolicies }) => [...cachePolicies]));
  const requests = new Map([...allViewer, ...stacks.flatMap(({ requestPolicies }) => [...requestPolicies])]);
  return stacks.flatMap(({ distributions }) =>
    distributions.flatMap(({ key, behaviors, origins }) =>
      behaviors
        .filter((behavior) => !isBucket(origins.find(({ id }) => id === behavior.origin)))
        .map((behavior) => describe(key, behavior, policies, requests)),
    ),
  );
}

function isBucket(origin: Origin | undefined): boolean {
  return origin !== undefined && origin.protocol === null;
}

function describe(
  key: string,
  behavior: Behavior,
  policies: ReadonlyMap<string, CacheKey>,
  requests: ReadonlyMap<string, boolean>,
): TenantBehavior {
  const { cachePolicy, originRequestPolicy, ownKey, path, runsCode } = behavior;
  const named =
    cachePolicy === null ? null : (policies.get(cachePolicy) ?? managedPolicies.get(cachePolicy) ?? null);
  const cacheKey = ownKey ?? named;
  const isHostInKey = cacheKey !== null && hasHeader(cacheKey, "host");
  return {
    key,
    path,
    cacheKey,
    policy: cachePolicy ?? "(none)",
    sendsHost: isHostInKey || requests.get(originRequestPolicy ?? "") === true,
    sendsAll: originRequestPolicy !== null,
    runsCode,
  };
}

export function hasHeader({ headers }: CacheKey, name: string): boolean {
  return headers.includes(name) || headers.includes("*");
}
