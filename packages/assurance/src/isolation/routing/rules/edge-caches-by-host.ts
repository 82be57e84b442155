import { type Finding, refuted, unknown } from "../../../rule.ts";
import { hasHeader, type TenantBehavior, tenantBehaviors } from "../cache-keys.ts";
import { tenantStacks } from "../read-routing.ts";
import type { RoutingModel } from "../routing-model.ts";
import { routingRule } from "../routing-rule.ts";

const distributionTypes = ["AWS::CloudFront::Distribution", "AWS::CloudFront::CachePolicy"];

export function noDistribution(model: RoutingModel): string | null {
  const stacks = [...model.shared, ...tenantStacks(model)];
  return stacks.some(({ distributions }) => distributions.length > 0)
    ? null
    : "the environment has no distribution";
}

export const edgeCachesByHost = routingRule({
  id: "routing/edge-caches-by-host",
  why: "tenants share the distribution and its paths: without the host in the key, one tenant's answer is given to another",
  fix: "put Host into the cache policy's headers, or keep nothing and send Host on",
  reads: distributionTypes,
  idle: noDistribution,
  *judge(model) {
    for (const behavior of tenantBehaviors(model)) yield* judgeBehavior(behavior);
  },
});

function* judgeBehavior({
  cacheKey,
  key,
  path,
  policy,
  runsCode,
  sendsHost,
}: TenantBehavior): Iterable<Finding> {
  if (runsCode) yield unknown(key, `what the code of its behavior ${path} makes of host and key`);
  if (cacheKey === null) {
    yield unknown(key, `what the cache policy ${policy} of its behavior ${path} has in its key`);
    return;
  }
  if (cacheKey.keeps && !hasHeader(cacheKey, "host")) {
    yield refuted(
      key,
      `its behavior ${path} keeps answers by ${cacheKey.headers.join(", ") || "no header"}, without Host`,
    );
  } else if (!sendsHost) {
    yield refuted(
      key,
      `its behavior ${path} does not send Host on: the load balancer cannot tell tenants apart`,
    );
  }
}

export const edgeCachesByCredentials = routingRule({
  id: "routing/edge-caches-by-credentials",
  why: "an answer that is kept without the credentials in its key is given to the next person, who has others",
  fix: "put Authorization and all cookies into the cache policy, or keep nothing",
  reads: distributionTypes,
  idle: noDistribution,
  *judge(model) {
    for (const { cacheKey, key, path, sendsAll } of tenantBehaviors(model)) {
      // What does not get to the origin does not change its answer.
      if (cacheKey === null || !cacheKey.keeps || !sendsAll) continue;
      if (!hasHeader(cacheKey, "authorization"))
        yield refuted(key, `its behavior ${path} keeps answers without Authorization in their key`);
      if (cacheKey.cookies !== "all")
        yield refuted(key, `its behavior ${path} keeps answers by ${cacheKey.cookies} of the cookies`);
    }
  },
});
