import type { Data, Resource } from "../../artifacts/shipment.ts";
import { listAt, textAt, valueAt } from "../../posture/read-value.ts";
import type { ScaledService } from "./ecs-services.ts";
import { type Container, containerNamed, containerOf, type StackView, type Use } from "./stack-view.ts";

const loadBalancer = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const listenerType = "AWS::ElasticLoadBalancingV2::Listener";
const groupType = "AWS::ElasticLoadBalancingV2::TargetGroup";

export function loadBalancingUses(view: StackView, services: readonly ScaledService[]): readonly Use[] {
  const rules = view.ofType("AWS::ElasticLoadBalancingV2::ListenerRule");
  const listeners = view.ofType(listenerType);
  const groups = groupsOfLoadBalancers(view, listeners, rules, services);
  return [
    ...listeners.flatMap((listener) => listenerUses(view, listener)),
    ...rules.flatMap((rule) => ruleUses(view, rule)),
    ...view.ofType("AWS::ElasticLoadBalancingV2::ListenerCertificate").flatMap((added) => {
      const container = byListener(view, "certificates-per-load-balancer", added);
      const amount = listAt(added.properties, "Certificates").length;
      return container === null
        ? []
        : [{ quota: "certificates-per-load-balancer", container, amount, by: added.key }];
    }),
    ...[...groups].map(([by, container]) => ({
      quota: "target-groups-per-load-balancer",
      container,
      amount: 1,
      by,
    })),
    ...services.flatMap((service) => targetUses(view, service, groups)),
  ];
}

function listenerUses(view: StackView, { key, properties }: Resource): readonly Use[] {
  const container = containerNamed(
    view,
    "listeners-per-load-balancer",
    key,
    properties["LoadBalancerArn"],
    loadBalancer,
  );
  if (container === null) return [];
  // The first certificate is the default one, which does not count.
  const certificates = Math.max(0, listAt(properties, "Certificates").length - 1);
  return [
    { quota: "listeners-per-load-balancer", container, amount: 1, by: key },
    ...(certificates === 0
      ? []
      : [{ quota: "certificates-per-load-balancer", container, amount: certificates, by: key }]),
  ];
}

function ruleUses(view: StackView, rule: Resource): readonly Use[] {
  const { key, properties } = rule;
  const own = containerOf(rule);
  const container = byListener(view, "rules-per-load-balancer", rule);
  const values = listAt(properties, "Conditions").flatMap(valuesOf);
  const wildcards = values.reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? (value.match(/[*?]/g)?.length ?? 0) : 0),
    0,
  );
  const forwards = listAt(properties, "Actions").map((action) => groupsIn(action).length);
  const uses = (quota: string, amount: number): readonly Use[] =>
    amount === 0 ? [] : [{ quota, container: own, amount, by: key }];
  return [
    ...(container === null ? [] : [{ quota: "rules-per-load-balancer", container, amount: 1, by: key }]),
    ...uses("condition-values-per-rule", values.length),
    ...uses("condition-wildcards-per-rule", wildcards),
    ...uses("target-groups-per-action", Math.max(0, ...forwards)),
  ];
}

/** A condition has its values below a key of its kind, or beside it. */
function valuesOf(condition: Data): readonly Data[] {
  const below = [
    "HostHeaderConfig",
    "PathPatternConfig",
    "HttpHeaderConfig",
    "HttpRequestMethodConfig",
    "QueryStringConfig",
    "SourceIpConfig",
  ].flatMap((kind) => listAt(condition, kind, "Values"));
  return [...below, ...listAt(condition, "Values")];
}

function byListener(view: StackView, quota: string, { key, properties }: Resource): Container | null {
  const listener = view.find(properties["ListenerArn"], listenerType);
  if (listener === null) return containerNamed(view, quota, key, properties["ListenerArn"], listenerType);
  return containerNamed(view, quota, key, listener.properties["LoadBalancerArn"], loadBalancer);
}

function groupsIn(action: Data): readonly Data[] {
  const several = listAt(action, "ForwardConfig", "TargetGroups").flatMap((one) =>
    listAt(one, "TargetGroupArn"),
  );
  return several.length > 0 ? several : listAt(action, "TargetGroupArn");
}

/**
 * The load balancer of each target group, by the group's key: that of the rules and listeners which forward to it. The
 * second group of a service that is released beside itself is on the load balancer of the first.
 */
function groupsOfLoadBalancers(
  view: StackView,
  listeners: readonly Resource[],
  rules: readonly Resource[],
  services: readonly ScaledService[],
): ReadonlyMap<string, Container> {
  const groups = new Map<string, Container>();
  const add = (group: Data | undefined, container: Container | null) => {
    const found = view.find(group, groupType);
    if (found !== null && container !== null) groups.set(found.key, container);
  };
  for (const rule of rules) {
    const container = byListener(view, "target-groups-per-load-balancer", rule);
    for (const action of listAt(rule.properties, "Actions"))
      for (const group of groupsIn(action)) add(group, container);
  }
  for (const { properties } of listeners) {
    const found = view.find(properties["LoadBalancerArn"], loadBalancer);
    if (found === null) continue;
    for (const action of listAt(properties, "DefaultActions"))
      for (const group of groupsIn(action)) add(group, containerOf(found));
  }
  for (const { service } of services) {
    for (const balancer of listAt(service.properties, "LoadBalancers")) {
      const alternate = valueAt(balancer, "AdvancedConfiguration", "AlternateTargetGroupArn");
      const first = view.find(valueAt(balancer, "TargetGroupArn"), groupType);
      add(alternate, groups.get(first?.key ?? "") ?? null);
    }
  }
  return groups;
}

/** Every task is a target of each of its service's target groups. */
function targetUses(
  view: StackView,
  { service, tasksMax }: ScaledService,
  groups: ReadonlyMap<string, Container>,
): readonly Use[] {
  return listAt(service.properties, "LoadBalancers").flatMap((balancer) => {
    const group = view.find(textAt(balancer, "TargetGroupArn"), groupType);
    if (group === null) return [];
    const container = groups.get(group.key);
    const amount = tasksMax;
    return [
      { quota: "targets-per-target-group", container: containerOf(group), amount, by: service.key },
      ...(container === undefined
        ? []
        : [{ quota: "targets-per-load-balancer", container, amount, by: service.key }]),
    ];
  });
}
