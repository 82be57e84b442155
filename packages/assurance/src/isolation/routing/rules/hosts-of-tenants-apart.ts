import { mark } from "../../../artifacts/mark.ts";
import { type Finding, refuted, unknown } from "../../../rule.ts";
import { hostName, hostsByDefinition } from "../host-names.ts";
import { hostOverlaps, type OwnedHost, tenantsMeet } from "../host-overlaps.ts";
import type { RoutingModel, StackRoutes } from "../routing-model.ts";
import { recordTypes, routingRule, ruleType } from "../routing-rule.ts";

export const hostsOfTenantsApart = routingRule({
  id: "routing/hosts-of-tenants-apart",
  why: "a host that two tenants answer for shows one tenant's people the other's application, and takes their passwords there",
  fix: "give every tenant hosts with its whole id between separators, and every domain of its own to one tenant",
  reads: [ruleType, ...recordTypes],
  idle: ({ definition }) =>
    Object.keys(definition.tiers).length === 0
      ? "the platform has no tiers, and so no tenants with hosts"
      : null,
  *judge(model) {
    yield* judgeAnyTwo(model);
    yield* judgePlaced(model);
    yield* judgeToCome(model);
  },
});

/** Every host that a stack answers for, and what does. */
export function hostsOf({ stack, rules, records, domains }: StackRoutes): readonly OwnedHost[] {
  const owner = stack.tenant ?? "the platform";
  return [
    ...rules.flatMap(({ key, hosts }) => (hosts ?? []).map((host) => ({ host, owner, key }))),
    ...records.map(({ key, name }) => ({ host: name, owner, key })),
    ...domains.flatMap(({ key, names }) => names.map((host) => ({ host, owner, key }))),
  ];
}

/** The hosts of any tenant of each tier; those of the definition are also of tenants without a stack. */
function hostsOfAny(
  { anyTenants, definition }: RoutingModel,
  name: "a" | "b",
): readonly (readonly OwnedHost[])[] {
  const owner = mark(`tenant:${name}`);
  const byDefinition = hostsByDefinition(definition, owner);
  return [
    byDefinition.map((host) => ({ host, owner, key: "platform.json" })),
    ...anyTenants.map((any) => hostsOf(any[name])),
  ];
}

/** Two tenants of any two tiers, whatever their ids. */
function* judgeAnyTwo(model: RoutingModel): Iterable<Finding> {
  const others = hostsOfAny(model, "b");
  const seen = new Set<string>();
  for (const [index, hosts] of hostsOfAny(model, "a").entries()) {
    for (const one of hosts) {
      for (const other of others.slice(index).flat()) {
        const pair = `${one.host} ${other.host}`;
        if (seen.has(pair)) continue;
        seen.add(pair);
        yield* judgePair(model, one, other);
      }
    }
  }
}

function judgePair(model: RoutingModel, one: OwnedHost, other: OwnedHost): readonly Finding[] {
  const meeting = tenantsMeet(model, one.host, other.host);
  if (meeting.kind === "never") return [];
  if (meeting.kind === "unknown") return [unknown(one.key, `${one.host} and ${other.host}: ${meeting.why}`)];
  const { a, b, text } = meeting;
  return [
    refuted(
      one.key,
      `the tenants ${a} and ${b} both answer for ${text}: ${one.host} in ${one.key}, and ${other.host} in ${other.key}`,
    ),
  ];
}

/** The tenants of the placement, and the declared ones that have no stack. */
function* judgePlaced({ definition, placed, shipment }: RoutingModel): Iterable<Finding> {
  const declared = Object.values(definition.tenants).flatMap(({ id, hosts }) =>
    hosts.map((host) => ({ host: hostName(host), owner: id, key: `placement.json: ${id}` })),
  );
  const overlaps = hostOverlaps([...placed.flatMap(hostsOf), ...declared]);
  if (overlaps === null) {
    yield unknown(`${shipment.platform} ${shipment.environment}`, "there are too many odd patterns of hosts");
    return;
  }
  for (const { one, other } of overlaps) {
    yield refuted(
      one.key,
      `the tenants ${one.owner} and ${other.owner} both answer for hosts of ${one.host}: ${other.host} in ${other.key}`,
    );
  }
}

/** A domain of a tenant's own must not be what a tenant to come gets by its id. */
function* judgeToCome(model: RoutingModel): Iterable<Finding> {
  const { definition, placed } = model;
  const patterns = new Set(hostsOfAny(model, "b").flatMap((hosts) => hosts.map(({ host }) => host)));
  for (const routes of placed) {
    const tenant = routes.stack.tenant ?? "";
    const given = new Set(hostsByDefinition(definition, tenant));
    for (const { host, key } of hostsOf(routes)) {
      if (given.has(host)) continue;
      for (const pattern of patterns) {
        const meeting = tenantsMeet(model, host, pattern, { others: [tenant] });
        if (meeting.kind === "meet") {
          yield refuted(key, `${tenant} answers for ${meeting.text}, which a tenant ${meeting.b} would get`);
        }
        if (meeting.kind === "unknown") yield unknown(key, `${host} and ${pattern}: ${meeting.why}`);
      }
    }
  }
}
