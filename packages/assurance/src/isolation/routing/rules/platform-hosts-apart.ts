import { type Finding, refuted, unknown } from "../../../rule.ts";
import { mark } from "../../../artifacts/mark.ts";
import { hostsByDefinition } from "../host-names.ts";
import { hostOverlaps, type OwnedHost, tenantsMeet } from "../host-overlaps.ts";
import type { RoutingModel } from "../routing-model.ts";
import { recordTypes, routingRule, ruleType } from "../routing-rule.ts";
import { hostsOf } from "./hosts-of-tenants-apart.ts";

export const platformHostsApart = routingRule({
  id: "routing/platform-hosts-apart",
  why: "a tenant whose id makes a host of the platform's own gets its requests, and a record of the platform for a tenant's host takes the tenant's",
  fix: "reserve the id, or name the platform's own hosts so that no tenant's id makes them, such as with two hyphens",
  reads: [ruleType, ...recordTypes],
  idle: ({ definition }) =>
    Object.keys(definition.tiers).length === 0
      ? "the platform has no tenants by tier: all hosts are its own"
      : null,
  *judge(model) {
    const own = platformHosts(model);
    yield* judgeAny(model, own);
    yield* judgePlaced(model, own);
  },
});

/** What the platform answers for itself. */
function platformHosts({ shared }: RoutingModel): readonly OwnedHost[] {
  const owner = "the platform";
  return shared.flatMap((routes) => [
    ...hostsOf(routes),
    ...routes.distributions.flatMap(({ aliases, key }) => aliases.map((host) => ({ host, owner, key }))),
  ]);
}

function* judgeAny(model: RoutingModel, own: readonly OwnedHost[]): Iterable<Finding> {
  const patterns = hostsByDefinition(model.definition, mark("tenant:a"));
  const seen = new Set<string>();
  for (const { host, key } of own) {
    if (seen.has(host)) continue;
    seen.add(host);
    for (const pattern of patterns) {
      // A wildcard for the whole domain yields to what is longer; one below a tenant's host is longer itself.
      const meeting = tenantsMeet(model, host, pattern, { isName: true });
      if (meeting.kind === "meet")
        yield refuted(key, `${meeting.text} is a host of a tenant ${meeting.a} too, by ${pattern}`);
      if (meeting.kind === "unknown") yield unknown(key, `${host} and ${pattern}: ${meeting.why}`);
    }
  }
}

function* judgePlaced({ placed, shipment }: RoutingModel, own: readonly OwnedHost[]): Iterable<Finding> {
  const single = own.filter(({ host }) => !host.startsWith("*."));
  const overlaps = hostOverlaps([...single, ...placed.flatMap(hostsOf)]);
  if (overlaps === null) {
    yield unknown(`${shipment.platform} ${shipment.environment}`, "there are too many odd patterns of hosts");
  }
  for (const { one, other } of overlaps ?? []) {
    const [platform, tenant] = one.owner === "the platform" ? [one, other] : [other, one];
    if (platform.owner !== "the platform") continue;
    yield refuted(
      platform.key,
      `${platform.host} is a host of ${tenant.owner} too, by ${tenant.host} in ${tenant.key}`,
    );
  }
}
