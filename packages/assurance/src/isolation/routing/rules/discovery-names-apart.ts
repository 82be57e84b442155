import { type Finding, refuted, unknown } from "../../../rule.ts";
import { tenantsMeet } from "../host-overlaps.ts";
import { tenantStacks } from "../read-routing.ts";
import type { DiscoveryName, RoutingModel } from "../routing-model.ts";
import { routingRule } from "../routing-rule.ts";

export const discoveryNamesApart = routingRule({
  id: "routing/discovery-names-apart",
  why: "services call each other by names of a namespace: two tenants of one name get each other's calls",
  fix: "put the tenant's id into the name, or let the tenant's services find others without being found",
  reads: ["AWS::ECS::Service", "AWS::ServiceDiscovery::Service"],
  idle: ({ shared, anyTenants, placed }) =>
    [...shared, ...anyTenants.map(({ a }) => a), ...placed].some(
      ({ discoveries, registrations }) => discoveries.length + registrations.length > 0,
    )
      ? null
      : "no service is found by a name",
  *judge(model) {
    yield* judgeAny(model);
    yield* judgeKnown(model);
    for (const { registrations, registries, stack } of [...model.shared, ...tenantStacks(model)]) {
      for (const { key, registry } of registrations) {
        if (!registries.has(registry))
          yield refuted(key, `it registers its tasks in ${registry}, which is not of ${stack.id}`);
      }
    }
  },
});

/** Any two tenants, and any tenant and the shared services. */
function* judgeAny(model: RoutingModel): Iterable<Finding> {
  const { anyTenants, shared } = model;
  const fixed = shared.flatMap(({ discoveries }) => discoveries);
  for (const [index, { a }] of anyTenants.entries()) {
    const others = anyTenants.slice(index).flatMap(({ b }) => b.discoveries);
    for (const one of a.discoveries)
      for (const other of [...fixed, ...others]) yield* judgePair(model, one, other);
  }
}

function judgePair(model: RoutingModel, one: DiscoveryName, other: DiscoveryName): readonly Finding[] {
  if (one.namespace !== other.namespace) return [];
  const meeting = tenantsMeet(model, one.name, other.name, { isName: true });
  if (meeting.kind === "never") return [];
  if (meeting.kind === "unknown") return [unknown(one.key, `${one.name} and ${other.name}: ${meeting.why}`)];
  return [
    refuted(
      one.key,
      `of a tenant ${meeting.a} it is found as ${meeting.text}, and so is ${other.key} (of a tenant ${meeting.b})`,
    ),
  ];
}

function* judgeKnown({ placed, shared }: RoutingModel): Iterable<Finding> {
  const taken = new Map<string, string>();
  for (const { discoveries } of [...shared, ...placed]) {
    for (const { key, name, namespace } of discoveries) {
      const place = `${namespace} ${name}`;
      const other = taken.get(place);
      if (other !== undefined && other !== key)
        yield refuted(key, `it is found as ${name}, and so is ${other}`);
      taken.set(place, key);
    }
  }
}
