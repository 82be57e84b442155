import type { Matrix } from "../../theme-result.ts";
import type { RoutingModel, StackRoutes } from "./routing-model.ts";

/** As many tenants as are told by name. */
const namedMax = 12;

/** Which way a request takes: host, rule, target group, service. */
export function routingMatrix({ anyTenants, definition, placed, shared }: RoutingModel): Matrix {
  const isFew = placed.length <= namedMax;
  const tenants = isFew && placed.length > 0 ? placed : anyTenants.map(({ a }) => a);
  const sharing = Object.values(definition.tiers).filter(({ services }) =>
    Object.values(services).some((isolation) => isolation !== "silo"),
  );
  return {
    title: "From a host to the tasks that answer",
    columns: ["who", "hosts", "rule", "target group", "service"],
    rows: [
      ...tenants.flatMap((routes) => rowsOf(nameOf(routes, isFew), routes)),
      ...shared.flatMap((routes) =>
        rowsOf(`all of ${sharing.map(({ name }) => name).join(", ") || "the platform"}`, routes),
      ),
    ],
    legend: {},
  };
}

function nameOf({ stack }: StackRoutes, isFew: boolean): string {
  const role = stack.role === "primary" ? "" : " (recovery)";
  return isFew && stack.tenant?.startsWith("⟨") === false
    ? `${stack.tenant}${role}`
    : `any tenant of ${stack.tier}${role}`;
}

function rowsOf(who: string, { feeders, rules, targetGroups }: StackRoutes): readonly (readonly string[])[] {
  const keys = new Map(targetGroups.map(({ arn, key }) => [arn, key]));
  return rules.map(({ action, hosts, key, paths }) => [
    who,
    [...(hosts ?? ["any"]), ...(paths ?? [])].join(" "),
    key,
    action.targets.map((arn) => keys.get(arn) ?? arn).join(" "),
    [
      ...new Set(
        feeders
          .filter(({ targetGroups: fed }) => fed.some((arn) => action.targets.includes(arn)))
          .map((feeder) => feeder.key),
      ),
    ].join(" "),
  ]);
}
